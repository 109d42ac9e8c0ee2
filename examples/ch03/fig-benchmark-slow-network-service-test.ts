// A service that connects to something slow for each request: every client waits for a whole second. Concurrency in Go, chapter 3;
// fig-benchmark-fast-network-service-test.ts is the cure.
import { type Chan, type Context, chan, go, run, Second, type SendChan, sleep } from 'warren'
import { bench } from '../bench.ts'
import { isMain } from '../is-main.ts'

class Connection {
  readonly ready: Promise<void> = sleep(1 * Second)
}

/** A request is the channel on which the client waits for its answer. */
function startService(ctx: Context): Chan<SendChan<string>> {
  const requests = chan<SendChan<string>>()
  go(async function serve() {
    for (;;) {
      const client = await requests.receive(ctx)
      const connection = new Connection()
      await connection.ready
      await client?.send('answer')
    }
  })
  return requests
}

export async function main(ctx: Context): Promise<void> {
  const service = startService(ctx)
  await bench('slow network service', 5, async (count) => {
    for (let i = 0; i < count; i++) {
      const answer = chan<string>()
      await service.send(answer)
      await answer.receive()
    }
  })
}

if (isMain(import.meta)) await run(main)
