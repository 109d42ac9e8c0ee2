// A pool makes an object only when it has none: what was put back is used again. Concurrency in Go, chapter 3.
import { Pool, run } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const pool = new Pool(() => {
    console.log('Creating new instance.')
    return {}
  })

  pool.get()
  const instance = pool.get()
  pool.put(instance)
  pool.get()
}

if (isMain(import.meta)) await run(main)
