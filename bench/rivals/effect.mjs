// effect: fibers, Queue, Semaphore, Stream.
import { serve } from '../lib/serve.mjs'
import { channels } from './effect/channels.mjs'
import { fibers } from './effect/fibers.mjs'
import { streams } from './effect/pipes.mjs'

await serve('effect', 'node_modules/effect/package.json', { ...channels, ...fibers, ...streams })
