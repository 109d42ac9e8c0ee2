import { describe, expect, test } from 'vitest'
import {
  after,
  background,
  type Chan,
  chan,
  type ReceiveChan,
  select,
  sleep,
  trySelect,
  withCancel,
  withTimeout,
} from 'warren'
import {
  bridge,
  collect,
  fanOut,
  filter,
  fromIterable,
  generate,
  map,
  merge,
  orDone,
  parallelMap,
  repeat,
  take,
  tee,
} from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { idle } from '../support/styles.ts'

const canceled = { code: 'ERR_CONTEXT_CANCELED' }

/** Ends in the middle of a pull, by the user's own function. */
const ends = {
  'a context': () => {
    const ctx = withCancel(background())
    return { ctx, end: () => ctx.cancel() }
  },
  'a signal': () => {
    const controller = new AbortController()
    return { ctx: controller.signal, end: () => controller.abort() }
  },
}

describe.each(Object.entries(ends))(
  '%s that the user’s function ends while a wait looks for a value',
  (_name, make) => {
    test('ends the receive that looked', async () => {
      const { ctx, end } = make()
      const source = chan<number>(1)
      source.trySend(1)
      const none = filter(source, () => {
        end()
        return false
      })
      await expect(none.receive(ctx)).rejects.toMatchObject(canceled)
    })

    test('ends next, receiveMany and a select likewise', async () => {
      for (const wait of ['next', 'receiveMany', 'select'] as const) {
        const { ctx, end } = make()
        const silent = map(repeat(1), () => {
          end()
          return new Promise<never>(() => {})
        })
        const operation = wait === 'select' ? select({ silent }, { ctx }) : silent[wait](ctx)
        await expect(operation, wait).rejects.toMatchObject(canceled)
      }
    })

    test('ends a collect, at the value at which it happens', async () => {
      for (const isAsync of [false, true]) {
        const { ctx, end } = make()
        let calls = 0
        const count = (n: number): number => {
          if (++calls === 5) end()
          return n
        }
        const values = isAsync ? map(repeat(1), async (n) => count(n)) : map(repeat(1), count)
        await expect(collect(values, ctx)).rejects.toMatchObject(canceled)
        expect(calls).toBeLessThanOrEqual(6)
      }
    })
  },
)

describe('a wait that has ended takes nothing from an ordinary channel', () => {
  const stages: Record<string, (ch: Chan<string>) => ReceiveChan<string>> = {
    map: (ch) => map(ch, (value) => value),
    filter: (ch) => filter(ch, () => true),
    take: (ch) => take(ch, 3),
    orDone: (ch) => orDone(ch),
    merge: (ch) => merge(ch, chan<string>()),
    fanOut: (ch) => fanOut(ch, 2)[0]!,
    tee: (ch) => tee(ch)[0],
    'a row of them': (ch) =>
      orDone(
        merge(
          take(
            map(ch, (value) => value),
            3,
          ),
        ),
      ),
  }
  test.each(Object.entries(stages))('through %s', async (_name, stage) => {
    const source = chan<string>(1)
    const out = stage(source)
    using ctx = withCancel(background())
    const wait = out.receive(ctx)
    await idle()
    ctx.cancel()
    await expect(wait).rejects.toMatchObject(canceled)
    expect(source.trySend('kept')).toBe(true)
    expect(source.length).toBe(1)
    expect(await out.receive()).toBe('kept')
  })

  test(
    'also when each round of a loop makes a stage of its own',
    bubble(async (t) => {
      const source = chan<number>(20)
      const got: number[] = []
      for (let sent = 0; sent < 20; ) {
        const picked = await select({ value: orDone(source, t.ctx), timeout: after(1) })
        if (picked.case === 'timeout') source.trySend(sent++)
        else if (picked.ok) got.push(picked.value)
      }
      for (let value = source.tryReceive(); value?.ok; value = source.tryReceive()) got.push(value.value)
      expect(got).toEqual(Array.from({ length: 20 }, (_, i) => i))
    }),
  )
})

describe('a producer that closes its channel itself', () => {
  test('and then fails: whoever reads gets the error, if the end was not seen yet', async () => {
    const closing = generate<number>(async (out) => {
      out.close()
      await out.send(1)
    })
    await idle()
    await expect(collect(closing)).rejects.toMatchObject({ code: 'ERR_SEND_CLOSED' })
  })

  test('and then fails later: it is a panic, like that of any goroutine', async () => {
    const program = bubble(async () => {
      const closing = generate<number>(async (out) => {
        await out.send(1)
        out.close()
        await sleep(5)
        throw new Error('too late')
      })
      expect(await collect(closing)).toEqual([1])
      await sleep(10)
    })
    await expect(program()).rejects.toThrow('too late')
  })

  test('and is told to stop: its errors are nobody’s', async () => {
    const endless = generate<number>(async (out) => {
      for (let n = 0; ; n++) await out.send(n)
    })
    expect(await collect(take(endless, 2))).toEqual([0, 1])
    await idle()
  })
})

test(
  'results that wait in a buffer keep the context of their function until they are read',
  bubble(async () => {
    const results = parallelMap(fromIterable([1, 2, 3]), async (n, ctx) => ({ n, ctx }), {
      concurrency: 3,
      capacity: 3,
    })
    await sleep(10)
    const states: boolean[] = []
    for await (const { ctx } of results) states.push(ctx.err === undefined)
    expect(states.slice(0, 2)).toEqual([true, true])
  }),
)

test('tee takes its options in the place of n', async () => {
  const [a, b] = tee(fromIterable([1, 2, 3]), { capacity: 3 })
  expect([await collect(a), await collect(b)]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ])
})

test(
  'a wait with a deadline does not hang on a stage that has ended it',
  bubble(async () => {
    const ctx = withTimeout(background(), 5)
    await expect(map(chan<number>(), (n) => n).receive(ctx)).rejects.toMatchObject({ code: 'ERR_DEADLINE_EXCEEDED' })
  }),
)

describe('a look without a wait', () => {
  test('tryReceive and trySelect of a stage leave nothing waiting on its channel', async () => {
    const source = chan<number>()
    const out = map(source, (n) => n)
    expect(out.tryReceive()).toBeUndefined()
    expect(source.trySend(1)).toBe(false)
    expect(trySelect({ out })).toBeUndefined()
    expect(source.trySend(1)).toBe(false)
  })

  test('a select that picks another case leaves nothing waiting for the others', async () => {
    const source = chan<number>()
    const ready = chan<string>(1)
    ready.trySend('now')
    expect(await select({ out: orDone(source), ready })).toMatchObject({ case: 'ready' })
    expect(source.trySend(1)).toBe(false)
  })

  test.each(['random', 'listed'] as const)(
    'a channel and a stage on it may be cases of one select (%s)',
    async (order) => {
      for (let round = 0; round < 20; round++) {
        const source = chan<number>(1)
        const doubled = map(source, (n) => n * 2)
        source.trySend(1)
        const picked = await select({ source, doubled }, { order })
        expect(picked.ok).toBe(true)
        expect(picked.value).toBe(picked.case === 'source' ? 1 : 2)
      }
    },
  )
})

describe('an input of a merge or a bridge whose own context ends', () => {
  test.each([
    ['merge', (a: ReceiveChan<number>, b: ReceiveChan<number>) => merge(a, b)],
    ['bridge', (a: ReceiveChan<number>, b: ReceiveChan<number>) => bridge(fromIterable([a, b]))],
  ] as const)(
    '%s: the others go on; a loop sees the end, and a collect that it is not the whole',
    async (_name, join) => {
      const make = (): ReceiveChan<number> => {
        const ctx = withCancel(background())
        const a = map(chan<number>(), (n) => n, { ctx })
        ctx.cancel()
        return join(a, fromIterable([1, 2, 3]))
      }
      const seen: number[] = []
      for await (const n of make()) seen.push(n)
      expect(seen).toEqual([1, 2, 3])
      await expect(collect(make())).rejects.toMatchObject(canceled)
    },
  )
})
