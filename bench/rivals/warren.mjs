// warren, generator goroutines.
import { serve } from '../lib/serve.mjs'

await serve('warren', '../package.json', async (group) => (await import(`../warren/generator/${group}.mjs`)).sides)
