// @ayonli/jsext: Channel. No select; Promise.race would lose values.
import chan from '@ayonli/jsext/chan'
import { promiseChannels } from '../lib/promise-channels.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'jsext',
  'node_modules/@ayonli/jsext/package.json',
  promiseChannels({
    make: (capacity) => chan(capacity),
    send: (channel, value) => channel.send(value),
    receive: (channel) => channel.recv(),
    close: (channel) => channel.close(),
    range: true,
  }),
)
