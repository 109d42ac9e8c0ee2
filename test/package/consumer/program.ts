import type { Chan, Context, ReceiveChan, SendChan, Wait } from 'warren'
import { chan, go, run, select, sleep } from 'warren'
import { cause, contextKey, withTimeout, withValue } from 'warren/context'
import { dump, goroutines } from 'warren/debug'
import { collect, fromIterable, map, type Result, toNodeReadable } from 'warren/pipeline'
import { exponential, Failure, retry, type Schedule } from 'warren/resilience'
import { Group, Mutex } from 'warren/sync'
import { checkLeaks, type LeakOptions } from 'warren/testing'

const requestId = contextKey<string>('request id')

function* produce(out: SendChan<number>, count: number): Generator<Wait, string, unknown> {
  for (let i = 0; i < count; i++) yield* out.send(i)
  out.close()
  return 'produced'
}

async function consume(source: ReceiveChan<number>, ctx: Context): Promise<number> {
  let sum = 0
  for (;;) {
    const picked = await select({ value: source, done: ctx.done })
    switch (picked.case) {
      case 'value': {
        if (!picked.ok) return sum
        const value: number = picked.value
        sum += value
        break
      }
      case 'done':
        throw ctx.err ?? new Error(String(cause(ctx)))
    }
  }
}

export const total: Promise<number> = run(async (parent) => {
  const ctx = withValue(withTimeout(parent, 1000), requestId, 'r-1')
  const id: string | undefined = ctx.value(requestId)
  const numbers: Chan<number> = chan<number>(4)
  const producer = go(produce, numbers, 10)
  const group = new Group(ctx)
  let sum = 0
  await group.go(async () => {
    sum = await consume(numbers, ctx)
  })
  await group.wait()
  const ended: string = await producer.join()
  const mutex = new Mutex()
  using _guard = await mutex.lock()
  await sleep(0)
  const options: LeakOptions = { timeoutMs: 0, ignore: 'consume' }
  const leaked: number = (await checkLeaks(() => 1, options)).filter(({ proven }) => proven).length
  const results: Result<number>[] = await collect(map(fromIterable(['1']), (text) => Number(text), { asResult: true }))
  toNodeReadable(fromIterable(results)).destroy()
  const schedule: Schedule = exponential(1).attempts(2)
  const failure: Failure = await retry(async (): Promise<Failure> => new Failure('none'), schedule)
  if (failure.id === '') throw failure
  return leaked + sum + ended.length + (id ?? '').length + goroutines().length + dump().length
})

// @ts-expect-error a producer of numbers does not take strings
go(produce, chan<string>(), 1)
