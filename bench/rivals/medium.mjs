// medium: a channel is a thenable, its fixed(0) buffer cannot hand over, so that unbuffered is its default buffer.
import medium from 'medium'
import { promiseChannels } from '../lib/promise-channels.mjs'
import { serve } from '../lib/serve.mjs'

const { any, chan, put, take } = medium

await serve(
  'medium',
  'node_modules/medium/package.json',
  promiseChannels({
    make: (capacity) => (capacity === 0 ? chan() : chan(capacity)),
    send: put,
    receive: take,
    select: async (a, b) => (await any(a, b))[0],
  }),
)
