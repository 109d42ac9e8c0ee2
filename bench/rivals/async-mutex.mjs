// async-mutex: acquire and release, by hand.
import { Mutex, Semaphore } from 'async-mutex'
import { promiseLocks } from '../lib/promise-locks.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'async-mutex',
  'node_modules/async-mutex/package.json',
  promiseLocks((limit) => {
    if (limit === 1) {
      const mutex = new Mutex()
      return async (work) => {
        const release = await mutex.acquire()
        await work()
        release()
      }
    }
    const semaphore = new Semaphore(limit)
    return async (work) => {
      const [, release] = await semaphore.acquire()
      await work()
      release()
    }
  }),
)
