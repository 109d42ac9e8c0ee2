import { chan, go, run, select } from 'warren'
import { cause, contextKey, withCancel, withValue } from 'warren/context'
import { goroutines } from 'warren/debug'
import { collect, fromIterable, map } from 'warren/pipeline'
import { constant, retry } from 'warren/resilience'
import { Mutex, WaitGroup } from 'warren/sync'
import { checkLeaks } from 'warren/testing'

const requestId = contextKey('request id')

await run(async (parent) => {
  const ctx = withCancel(withValue(parent, requestId, 'r-1'))
  const squares = chan(2)
  const group = new WaitGroup()
  const mutex = new Mutex()
  let sent = 0

  for (const n of [1, 2, 3]) {
    group.go(function* () {
      yield* squares.send(n * n)
      yield* mutex.lock()
      sent += 1
      mutex.unlock()
    })
  }
  go(async () => {
    await group.wait()
    squares.close()
  })

  let sum = 0
  for await (const square of squares) sum += square

  ctx.cancel(new Error('enough'))
  const picked = await select({ squares: null, done: ctx.done })
  console.log(
    JSON.stringify({
      sum,
      sent,
      case: picked.case,
      cause: cause(ctx).message,
      id: ctx.value(requestId),
      listed: Array.isArray(goroutines()),
      doubled: await collect(map(fromIterable([1, 2]), (n) => n * 2)),
      tries: await retry((_ctx, attempt) => attempt, constant(1)),
      leaks: (await checkLeaks(() => 1)).length,
    }),
  )
})
