import pLimit from 'p-limit'
import { promiseLocks } from '../lib/promise-locks.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'p-limit',
  'node_modules/p-limit/package.json',
  promiseLocks((limit) => pLimit(limit)),
)
