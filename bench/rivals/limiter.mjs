import { TokenBucket } from 'limiter'
import { peerLimiters } from '../lib/peer-limiters.mjs'
import { serve } from '../lib/serve.mjs'

/**
 * Its RateLimiter can have no burst apart from the rate; it is made of these.
 *
 * @param {number} rate
 * @param {number} burst
 */
function bucket(rate, burst) {
  const made = new TokenBucket({ bucketSize: burst, tokensPerInterval: rate, interval: 'second' })
  made.content = burst
  return made
}

await serve(
  'limiter',
  'node_modules/limiter/package.json',
  peerLimiters({
    checker(isOpen) {
      const made = bucket(isOpen ? 1e9 : 1e-3, isOpen ? 1e9 : 1)
      if (!isOpen) made.tryRemoveTokens(1)
      return () => made.tryRemoveTokens(1)
    },
    gate(rate, burst) {
      const made = bucket(rate, burst)
      return { wait: () => made.removeTokens(1) }
    },
    cancel: 'a wait cannot be cancelled',
  }),
)
