// The same service with a pool of connections that were made beforehand: no client waits for one. Concurrency in Go, chapter 3;
// compare fig-benchmark-slow-network-service-test.ts.
import { type Chan, type Context, chan, go, Pool, run, Second, type SendChan, sleep } from 'warren'
import { bench } from '../bench.ts'
import { isMain } from '../is-main.ts'

class Connection {
  readonly ready: Promise<void> = sleep(1 * Second)
}

async function warmUp(count: number): Promise<Pool<Connection>> {
  const pool = new Pool(() => new Connection())
  const connections = Array.from({ length: count }, () => pool.get())
  for (const connection of connections) {
    await connection.ready
    pool.put(connection)
  }
  return pool
}

/** A request is the channel on which the client waits for its answer. */
function startService(connections: Pool<Connection>, ctx: Context): Chan<SendChan<string>> {
  const requests = chan<SendChan<string>>()
  go(async function serve() {
    for (;;) {
      const client = await requests.receive(ctx)
      const connection = connections.get()
      await connection.ready
      await client?.send('answer')
      connections.put(connection)
    }
  })
  return requests
}

export async function main(ctx: Context): Promise<void> {
  const service = startService(await warmUp(10), ctx)
  await bench('fast network service', 1000, async (count) => {
    for (let i = 0; i < count; i++) {
      const answer = chan<string>()
      await service.send(answer)
      await answer.receive()
    }
  })
}

if (isMain(import.meta)) await run(main)
