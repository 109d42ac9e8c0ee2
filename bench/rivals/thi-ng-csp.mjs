// @thi.ng/csp: a write settles when its value is read, so that a channel of one is its rendezvous.
import { channel, select } from '@thi.ng/csp'
import { promiseChannels } from '../lib/promise-channels.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'thi-ng-csp',
  'node_modules/@thi.ng/csp/package.json',
  promiseChannels({
    make: (capacity) => channel(Math.max(1, capacity)),
    send: (ch, value) => ch.write(value),
    receive: (ch) => ch.read(),
    close: (ch) => ch.close(),
    range: true,
    select: async (a, b) => (await select(a, b))[0],
    not: { parked: 'at most 1,024 readers wait on a channel, the others get undefined' },
  }),
)
