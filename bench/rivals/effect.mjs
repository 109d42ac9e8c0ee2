// effect: fibers, Queue, Semaphore.
import { serve } from '../lib/serve.mjs'
import { channels } from './effect/channels.mjs'
import { fibers } from './effect/fibers.mjs'

await serve('effect', 'node_modules/effect/package.json', { ...channels, ...fibers })
