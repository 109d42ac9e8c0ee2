// Pipelines of thousands of stages: no stack overflows, whatever goes through them.
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, chan, numGoroutine, type ReceiveChan, withCancel } from 'warren'
import {
  bridge,
  buffer,
  collect,
  filter,
  fromIterable,
  generate,
  map,
  merge,
  orDone,
  type StageOptions,
  take,
  tee,
} from 'warren/pipeline'
import { expectHoldsNothing } from '../support/scopes.ts'
import { TrackedSource, upTo } from '../support/stages.ts'
import { idle, Outcome } from '../support/styles.ts'

const height = 5000

type One = (ch: ReceiveChan<number>, options: StageOptions) => ReceiveChan<number>

const stages: Record<string, One> = {
  orDone: (ch, options) => orDone(ch, options.ctx),
  map: (ch, options) => map(ch, (n) => n, options),
  filter: (ch, options) => filter(ch, () => true, options),
  'an async map': (ch, options) => map(ch, async (n) => n, options),
  'a buffer': (ch, options) => buffer(ch, 2, options),
  take: (ch, options) => take(ch, 100, options),
  merge: (ch, options) => merge(ch, options),
  bridge: (ch, options) => bridge(fromIterable([ch]), options),
  'one of a tee': (ch, options) => tee(ch, 1, options)[0]!,
}

function stack(ch: ReceiveChan<number>, one: One, options: StageOptions = {}): ReceiveChan<number> {
  let top = ch
  for (let i = 0; i < height; i++) top = one(top, options)
  return top
}

for (const [name, one] of Object.entries(stages)) {
  describe(`${height} stages of ${name}`, () => {
    test('values that are there come through, and the end', async () => {
      expect(await collect(stack(fromIterable([1, 2, 3]), one))).toEqual([1, 2, 3])
    })

    test('values that come later come through, and the end', async () => {
      const ch = chan<number>()
      const all = collect(stack(ch, one))
      for (const n of [1, 2, 3]) {
        await ch.send(n)
        await idle()
      }
      ch.close()
      expect(await all).toEqual([1, 2, 3])
    })

    test('an error comes through', async () => {
      const error = new Error('at the bottom')
      const fails = map(fromIterable([1, 2]), (n) => {
        if (n === 2) throw error
        return n
      })
      const top = stack(fails, one)
      await expect(collect(top)).rejects.toBe(error)
    })

    test('leaving the top ends the bottom', async () => {
      const source = new TrackedSource([1, 2, 3])
      for await (const n of stack(fromIterable(source), one)) {
        expect(n).toBe(1)
        break
      }
      for (let i = 0; i < 200 && source.returned === 0; i++) await idle()
      expect(source.returned + (source.isOver ? 1 : 0)).toBeGreaterThanOrEqual(1)
    })

    test('the end of one context ends all of them', async () => {
      const before = numGoroutine()
      const ctx = withCancel(background())
      const producer = generate<number>(async (out, own) => {
        await out.send(1)
        await own.done.receive()
      }, ctx)
      const top = stack(producer, one, { ctx })
      expect(await top.receive()).toBe(1)
      const next = new Outcome(top.next())
      await idle()
      ctx.cancel()
      await idle()
      expect(next.value).toEqual({ value: undefined, done: true })
      expectHoldsNothing(ctx)
      expect(numGoroutine() - before).toBe(0)
    })
  })
}

test('giving up a collect of many stages ends the bottom', async () => {
  const ctx = withCancel(background())
  const source = new TrackedSource([1, 2, 3])
  const waits = map(fromIterable(source), (n) => (n === 2 ? new Promise<number>(() => {}) : n))
  const all = collect(stack(waits, stages['map']!), ctx)
  await idle()
  ctx.cancel()
  await expect(all).rejects.toBeInstanceOf(ContextCanceledError)
  for (let i = 0; i < 200 && source.returned === 0; i++) await idle()
  expect(source.returned).toBe(1)
})

// Doug McIlroy's sieve (Go: test/chan/sieve1.go), with a stage for each prime.
test('a sieve of a filter for each of the first 1000 primes', async () => {
  const odd = (function* () {
    yield 2
    for (let n = 3; ; n += 2) yield n
  })()
  let numbers: ReceiveChan<number> = fromIterable(odd)
  const primes: number[] = []
  while (primes.length < 1000) {
    const prime = (await numbers.receive())!
    primes.push(prime)
    numbers = filter(numbers, (n) => n % prime !== 0)
  }
  expect([primes.slice(0, 10), primes.at(-1)]).toEqual([[2, 3, 5, 7, 11, 13, 17, 19, 23, 29], 7919])
  void numbers[Symbol.asyncIterator]().return?.()
})

test('a sieve of filters over what a goroutine sends', async () => {
  const source = generate<number>(async (out) => {
    for (let n = 2; ; n++) await out.send(n)
  })
  let numbers: ReceiveChan<number> = source
  const primes: number[] = []
  while (primes.length < 200) {
    const prime = (await numbers.receive())!
    primes.push(prime)
    numbers = filter(numbers, (n) => n % prime !== 0)
  }
  expect(primes.at(-1)).toBe(1223)
  void numbers[Symbol.asyncIterator]().return?.()
  await idle()
  await idle()
})

test('bridges in bridges, thousands deep', async () => {
  let top: ReceiveChan<number> = fromIterable(upTo(3))
  for (let i = 0; i < 2000; i++) top = bridge(fromIterable([top]))
  expect(await collect(top)).toEqual([1, 2, 3])
})

test('a thousand tees one behind the other, merged', async () => {
  let top: ReceiveChan<number> = fromIterable([1, 2, 3])
  const sides: ReceiveChan<number>[] = []
  for (let i = 0; i < 1000; i++) {
    const [on, side] = tee(top)
    sides.push(side)
    top = on
  }
  expect((await collect(merge(top, ...sides))).length).toBe(3 * 1001)
})
