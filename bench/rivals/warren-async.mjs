// warren, async goroutines.
import { serve } from '../lib/serve.mjs'

await serve('warren-async', '../package.json', async (group) => (await import(`../warren/async/${group}.mjs`)).sides)
