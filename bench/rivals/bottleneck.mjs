import Bottleneck from 'bottleneck'
import { peerLimiters } from '../lib/peer-limiters.mjs'
import { serve } from '../lib/serve.mjs'

const nothing = async () => {}

await serve(
  'bottleneck',
  'node_modules/bottleneck/package.json',
  peerLimiters({
    checker(isOpen) {
      const limiter = new Bottleneck(isOpen ? {} : { reservoir: 0 })
      return () => limiter.check()
    },
    gate(rate) {
      const limiter = new Bottleneck(rate === 1e9 ? {} : { minTime: 1000 / rate })
      return { wait: () => limiter.schedule(nothing), burst: 1, cancel: () => limiter.stop({ dropWaitingJobs: true }) }
    },
  }),
)
