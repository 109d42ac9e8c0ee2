import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible'
import { peerLimiters } from '../lib/peer-limiters.mjs'
import { serve } from '../lib/serve.mjs'

const yes = () => true
const no = () => false

await serve(
  'rate-limiter-flexible',
  'node_modules/rate-limiter-flexible/package.json',
  peerLimiters({
    checker(isOpen) {
      const limiter = new RateLimiterMemory({ points: isOpen ? 1e9 : 0, duration: 1000 })
      return () => limiter.consume('key', 1).then(yes, no)
    },
    // Points for windows of time: the shortest that its timers can serve.
    gate(rate, burst) {
      const points = Math.max(burst, rate / 100)
      const queue = new RateLimiterQueue(new RateLimiterMemory({ points, duration: points / rate }))
      return { wait: () => queue.removeTokens(1), burst: points }
    },
    cancel: 'a wait cannot be cancelled',
  }),
)
