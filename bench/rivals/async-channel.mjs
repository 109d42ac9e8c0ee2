// async-channel: no select.
import channels from 'async-channel'
import { promiseChannels } from '../lib/promise-channels.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'async-channel',
  'node_modules/async-channel/package.json',
  promiseChannels({
    make: (capacity) => new channels.Channel(capacity),
    send: (channel, value) => channel.push(value),
    receive: (channel) => channel.get(),
    close: (channel) => channel.close(),
    range: true,
  }),
)
