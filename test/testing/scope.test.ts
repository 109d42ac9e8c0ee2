// Whom a check looks at, how long it waits, and what it says.
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { afterFunc, type Chan, chan, Group, go, gosched, Mutex, sleep, todo, wait, withTimeout } from 'warren'
import { formatLeaks, type Leak } from 'warren/debug'
import { bubble, checkLeaks, expectNoLeaks, LeakError } from 'warren/testing'
import { asyncStyle, generatorStyle, on } from '../support/styles.ts'

let kept: unknown[] = []
afterEach(() => {
  kept = []
})

function keep<T>(value: T): T {
  kept.push(value)
  return value
}

function forget(name: string, ch: Chan<number> = chan<number>()): void {
  const body = {
    async [name]() {
      await ch.receive()
    },
  }[name]!
  go(body)
}

async function errorOf(fn: () => Promise<unknown>): Promise<LeakError> {
  const error: unknown = await fn().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof LeakError)) throw new Error('no leak was found', { cause: error })
  return error
}

const names = (leaks: readonly Leak[]): string[] => leaks.map(({ goroutine }) => goroutine.name)

describe('expectNoLeaks', () => {
  test('says nothing when all goroutines have ended', async () => {
    await using _ = expectNoLeaks()
    const numbers = chan<number>()
    go(async () => {
      for (let i = 0; i < 3; i++) await numbers.send(i)
      numbers.close()
    })
    for await (const _ of numbers) void _
  })

  test('gives goroutines time to end', async () => {
    let hasEnded = false
    {
      await using _ = expectNoLeaks()
      go(async () => {
        await sleep(30)
        hasEnded = true
      })
    }
    expect(hasEnded).toBe(true)
  })

  test('throws for those that can never run again, without waiting for them', async () => {
    const error = await errorOf(async () => {
      await using _ = expectNoLeaks({ timeoutMs: Number.POSITIVE_INFINITY })
      for (let i = 0; i < 3; i++) forget('forgotten')
    })
    expect(error.code).toBe('ERR_LEAK')
    expect(error.leaks.map(({ proven }) => proven)).toEqual([true, true, true])
    const [head, , group, , place, created] = error.message.split('\n')
    expect(head).toBe('3 goroutines are left of those that were started here')
    expect(group).toBe('3 goroutines leaked [chan receive]: can never run again')
    expect(place).toMatch(/^\t.*scope\.test\.ts:\d+:\d+$/)
    expect(error.message).toContain('\ncreated by forget in goroutine 1\n\t')
    expect(created).toBeDefined()
  })

  test('throws for those that have not ended in time, told apart', async () => {
    const gate = keep(chan<number>())
    const error = await errorOf(async () => {
      await using _ = expectNoLeaks({ timeoutMs: 20 })
      forget('waiting', gate)
      forget('forgotten')
    })
    expect(error.leaks.map(({ proven }) => proven).sort()).toEqual([false, true])
    expect(error.message).toContain('1 goroutine leaked [chan receive]: can never run again\n')
    expect(error.message).toContain('1 goroutine left [chan receive]: has not ended\n')
    expect(error.message.indexOf('leaked')).toBeLessThan(error.message.indexOf('left [chan'))
  })

  test('does not look at goroutines that were there before', async () => {
    forget('earlier', keep(chan<number>()))
    await using _ = expectNoLeaks({ timeoutMs: 20 })
    await gosched()
  })

  test('does not look at what an earlier goroutine starts', async () => {
    const requests = keep(chan<number>())
    go(async function service() {
      for await (const _ of requests) forget('of the service', keep(chan<number>()))
    })
    await gosched()
    {
      await using _ = expectNoLeaks({ timeoutMs: 20 })
      await requests.send(1)
      await gosched()
    }
    requests.close()
  })

  test('looks at all descendants, however they are started', async () => {
    const error = await errorOf(async () => {
      await using _ = expectNoLeaks({ timeoutMs: 100 })
      generatorStyle.go(function* () {
        yield* on(gosched())
        forget('of a generator')
      })
      asyncStyle.go(function* () {
        yield* on(sleep(1))
        forget('of an async goroutine')
      })
      go(() => forget('of a plain function'))
      afterFunc(1, () => forget('of a timer'))
      setTimeout(() => forget('of a host timer'), 1)
      const group = new Group()
      await group.go(() => forget('of a group'))
      await group.wait()
      await sleep(5)
    })
    expect(names(error.leaks).sort()).toEqual([
      'of a generator',
      'of a group',
      'of a host timer',
      'of a plain function',
      'of a timer',
      'of an async goroutine',
    ])
  })

  test('of two at the same time, each looks at its own', async () => {
    const both = await Promise.all(
      ['a', 'b'].map((name) =>
        errorOf(async () => {
          await using _ = expectNoLeaks({ timeoutMs: 50 })
          for (let i = 0; i < 3; i++) {
            await new Promise((resolve) => setImmediate(resolve))
            generatorStyle.go(function* () {
              yield* on(sleep(1))
              forget(name)
            })
          }
        }),
      ),
    )
    expect(both.map(({ leaks }) => names(leaks))).toEqual([
      ['a', 'a', 'a'],
      ['b', 'b', 'b'],
    ])
  })

  test('one in another: each leak is reported once', async () => {
    const outer = await errorOf(async () => {
      await using _ = expectNoLeaks({ timeoutMs: 20 })
      const inner = await errorOf(async () => {
        await using _ = expectNoLeaks({ timeoutMs: 20 })
        forget('inner')
      })
      expect(names(inner.leaks)).toEqual(['inner'])
      forget('outer')
    })
    expect(names(outer.leaks)).toEqual(['outer'])
  })

  test('what is started after its end is no longer its own', async () => {
    const scope = expectNoLeaks({ timeoutMs: 20 })
    await scope[Symbol.asyncDispose]()
    forget('after', keep(chan<number>()))
    await scope[Symbol.asyncDispose]()
  })

  test('works inside a generator goroutine', async () => {
    const error = await errorOf(() =>
      go(function* () {
        const scope = expectNoLeaks({ timeoutMs: 20 })
        yield* gosched()
        forget('of a generator')
        yield* wait(scope[Symbol.asyncDispose]())
      }).join(),
    )
    expect(names(error.leaks)).toEqual(['of a generator'])
  })

  test('keeps the error of the test', async () => {
    const error: unknown = await (async () => {
      await using _ = expectNoLeaks()
      forget('forgotten')
      throw new Error('of the test')
    })().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ error: { code: 'ERR_LEAK' }, suppressed: { message: 'of the test' } })
  })

  test('ignores goroutines by name and by predicate', async () => {
    await using _ = expectNoLeaks({ ignore: ['named', ({ state }) => state === 'sync.Mutex.Lock'] })
    forget('named')
    go(async () => {
      const mu = new Mutex()
      await mu.lock()
      await mu.lock()
    })
  })

  test('waits in real time when timers are faked', async () => {
    vi.useFakeTimers()
    try {
      const error = await errorOf(async () => {
        await using _ = expectNoLeaks({ timeoutMs: 20 })
        forget('waiting', keep(chan<number>()))
      })
      expect(error.leaks.length).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test.each([
    { options: null, code: 'ERR_INVALID_ARG_TYPE', message: /options must be an object, not null/ },
    { options: { timeoutMs: '1' }, code: 'ERR_INVALID_ARG_TYPE', message: /timeoutMs must be a number/ },
    { options: { timeoutMs: Number.NaN }, code: 'ERR_OUT_OF_RANGE', message: /timeoutMs must be a number/ },
    { options: { ignore: 1 }, code: 'ERR_INVALID_ARG_TYPE', message: /ignore must be a name or a function, not 1/ },
    { options: { ignore: ['a', null] }, code: 'ERR_INVALID_ARG_TYPE', message: /not null/ },
  ])('refuses $options', async ({ options, code, message }) => {
    expect(() => expectNoLeaks(options as never)).toThrow(expect.objectContaining({ code }))
    expect(() => expectNoLeaks(options as never)).toThrow(message)
    await expect(checkLeaks(() => {}, options as never)).rejects.toThrow(message)
  })
})

describe('checkLeaks', () => {
  test('returns what is left of a body of any kind', async () => {
    const bodies = [
      () => forget('left'),
      async () => forget('left'),
      function* () {
        yield* gosched()
        forget('left')
      },
    ]
    for (const body of bodies) expect(names(await checkLeaks(body))).toEqual(['left'])
  })

  test('rejects with what the body throws', async () => {
    await expect(checkLeaks(async () => Promise.reject(new Error('of the body')))).rejects.toThrow('of the body')
    await expect(checkLeaks(1 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })

  test('waits for the body, however long it takes', async () => {
    let hasEnded = false
    const found = await checkLeaks(
      async () => {
        await sleep(100)
        hasEnded = true
      },
      { timeoutMs: 0 },
    )
    expect({ found, hasEnded }).toEqual({ found: [], hasEnded: true })
  })

  test('without a body it returns all there are', async () => {
    await checkLeaks(() => {})
    forget('anywhere')
    const found = await checkLeaks(undefined, { ignore: ({ name }) => name !== 'anywhere' })
    expect(found).toMatchObject([{ proven: true, goroutine: { name: 'anywhere' } }])
  })

  test('does not look at what runs beside it', async () => {
    const [left, clean] = await Promise.all([
      checkLeaks(async () => {
        await sleep(1)
        forget('here')
      }),
      checkLeaks(() => sleep(5, withTimeout(todo(), 1000))),
    ])
    expect([names(left), names(clean)]).toEqual([['here'], []])
  })

  test('is typed', () => {
    expectTypeOf(checkLeaks).returns.resolves.toEqualTypeOf<Leak[]>()
    expectTypeOf(expectNoLeaks).returns.toEqualTypeOf<{ [Symbol.asyncDispose](): Promise<void> }>()
  })
})

describe('the text', () => {
  const leak = (goroutine: Partial<Leak['goroutine']>, proven = true): Leak => ({
    proven,
    goroutine: {
      id: 7,
      name: 'worker',
      parentId: 1,
      kind: 'async',
      state: 'chan receive',
      since: 1,
      createdAt: 'main(...)\n\t/app/main.ts:3:1',
      blockedAt: 'worker(...)\n\t/app/worker.ts:9:1\nouter(...)\n\t/app/worker.ts:2:1',
      waitsFor: undefined,
      ...goroutine,
    },
  })

  test('is a block for each group, proven ones first, large ones first among those', () => {
    const text = formatLeaks([
      leak({ id: 3 }, false),
      leak({ id: 4, state: 'select' }),
      leak({ id: 5 }),
      leak({ id: 6, parentId: 2 }),
      leak({ id: 7, parentId: 2 }, false),
    ])
    const blocked = 'worker(...)\n\t/app/worker.ts:9:1\nouter(...)\n\t/app/worker.ts:2:1\n'
    expect(text).toBe(
      [
        `2 goroutines leaked [chan receive]: can never run again\n${blocked}created by main\n\t/app/main.ts:3:1`,
        `1 goroutine leaked [select]: can never run again\n${blocked}created by main in goroutine 1\n\t/app/main.ts:3:1`,
        `2 goroutines left [chan receive]: have not ended\n${blocked}created by main\n\t/app/main.ts:3:1`,
      ].join('\n\n'),
    )
  })

  test('without sites it groups by name', () => {
    const bare = { createdAt: undefined, blockedAt: undefined }
    const text = formatLeaks([leak(bare), leak({ ...bare, name: '' }), leak({ ...bare, id: 9 })])
    expect(text).toBe(
      '2 goroutines leaked [chan receive]: can never run again\nworker(...)\n\tsite not recorded\n\n' +
        '1 goroutine leaked [chan receive]: can never run again\n(anonymous)(...)\n\tsite not recorded',
    )
  })

  test('of nothing is nothing', () => expect(formatLeaks([])).toBe(''))
})

describe('with bubbles', () => {
  test('in a bubble, the time that goroutines get is the bubble’s', async () => {
    let hasEnded = false
    await bubble(async () => {
      await using _ = expectNoLeaks({ timeoutMs: 3_600_000 })
      go(async () => {
        await sleep(3_000_000)
        hasEnded = true
      })
    })()
    expect(hasEnded).toBe(true)
  })

  test('in a bubble, a long function takes no time, and one that is stuck is reported', async () => {
    await bubble(async (t) => {
      expect(await checkLeaks(() => sleep(3_600_000))).toEqual([])
      expect(t.now()).toBeGreaterThanOrEqual(3_600_000)
      expect(await checkLeaks(async () => void (await chan().receive()))).toMatchObject([{ proven: true }])
    })().catch((error: Error) => expect(error.message).toMatch(/blocked goroutines remain/))
    const gate = keep(chan<number>())
    await expect(bubble(() => checkLeaks(() => gate.receive()).then(() => {}))()).rejects.toThrow(/all goroutines/)
  })

  test('what a bubble starts is looked at by the bubble, and by checks in it', async () => {
    await using _ = expectNoLeaks({ timeoutMs: 20 })
    const inside = bubble(async () => {
      const left = await checkLeaks(() => forget('in the bubble'), { timeoutMs: 10 })
      expect(names(left)).toEqual(['in the bubble'])
      forget('left in the bubble')
    })
    await expect(inside()).rejects.toThrow(/blocked goroutines remain/)
  })
})
