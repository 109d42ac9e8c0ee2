import pThrottle from 'p-throttle'
import { peerLimiters } from '../lib/peer-limiters.mjs'
import { serve } from '../lib/serve.mjs'

const nothing = async () => {}

await serve(
  'p-throttle',
  'node_modules/p-throttle/package.json',
  peerLimiters({
    check: 'it only delays',
    gate(rate, burst) {
      const controller = new AbortController()
      const wait = pThrottle({ limit: burst, interval: (1000 * burst) / rate, signal: controller.signal })(nothing)
      return { wait, cancel: () => controller.abort() }
    },
  }),
)
