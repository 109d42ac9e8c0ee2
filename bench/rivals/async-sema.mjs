import { Sema } from 'async-sema'
import { promiseLocks } from '../lib/promise-locks.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'async-sema',
  'node_modules/async-sema/package.json',
  promiseLocks((limit) => {
    const sema = new Sema(limit)
    return async (work) => {
      await sema.acquire()
      await work()
      sema.release()
    }
  }),
)
