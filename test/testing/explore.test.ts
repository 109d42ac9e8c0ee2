import { describe, expect, test, vi } from 'vitest'
import { after, chan, go, gosched, Mutex, select, sleep, trySelect, WaitGroup } from 'warren'
import { ExplorationError, type ExploreOptions, explore } from 'warren/testing'
import { reasonOf } from './failures.ts'

type Body = Parameters<typeof explore>[1]

async function failureOf(options: ExploreOptions, body: Body): Promise<ExplorationError> {
  const error = await reasonOf(explore(options, body)())
  if (!(error instanceof ExplorationError)) throw error
  return error
}

async function abba(): Promise<void> {
  const a = new Mutex()
  const b = new Mutex()
  const wg = new WaitGroup()
  wg.go(async function left() {
    using _ = await a.lock()
    using __ = await b.lock()
  })
  wg.go(async function right() {
    using _ = await b.lock()
    using __ = await a.lock()
  })
  await wg.wait()
}

describe('an exhaustive exploration', () => {
  // Two goroutines of three stretches each: 6! / (3! 3!) orders.
  test('runs every interleaving exactly once, and says that it was all', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    const seen = new Set<string>()
    const check = explore({ strategy: 'dfs', preemption: true }, function* () {
      let order = ''
      const free = chan<number>(8)
      function* letters(a: string, b: string, c: string) {
        order += a
        yield* free.send(1)
        order += b
        yield* free.send(1)
        order += c
        if (order.length === 6) seen.add(order)
      }
      go(letters, 'a', 'b', 'c')
      go(letters, 'A', 'B', 'C')
    })
    await check()
    expect(check.report).toMatchObject({ schedules: 20, isProof: true, unfair: 0 })
    expect(seen.size).toBe(20)
    expect(said.mock.calls).toEqual([['explore: dfs proved the whole space: no failure in any of its 20 schedules']])
    said.mockRestore()
  })

  test('does not claim a proof when it was stopped, or bounded in depth', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    const body: Body = async () => {
      const wg = new WaitGroup()
      const free = chan<number>(8)
      for (let i = 0; i < 2; i++) wg.go(() => free.sendMany([1, 2]))
      await free.send(3)
      await wg.wait()
    }
    const all = explore({ strategy: 'dfs' }, body)
    await all()
    expect(all.report?.isProof).toBe(true)
    const few = explore({ strategy: 'dfs', schedules: all.report!.schedules - 1 }, body)
    await few()
    expect(few.report?.isProof).toBe(false)
    expect(said.mock.lastCall?.[0]).toMatch(/^explore: dfs did not reach the end/)
    const shallow = explore({ strategy: 'dfs', depth: 1 }, body)
    await shallow()
    expect(shallow.report?.isProof).toBe(false)
    expect(shallow.report!.schedules).toBeLessThan(all.report!.schedules)
    expect(said.mock.lastCall?.[0]).toMatch(/^explore: dfs ran all schedules of at most 1 switches: no failure in \d+$/)
    said.mockRestore()
  })

  test('tries every ready case of a select', async () => {
    const picked = new Set<string>()
    await explore({ strategy: 'dfs' }, async () => {
      const a = chan<number>(1)
      const b = chan<number>(1)
      const c = chan<number>(1)
      for (const ch of [a, b, c]) ch.trySend(1)
      picked.add((await select({ a, b, c })).case + (trySelect({ a, b, c })?.case ?? ''))
    })()
    expect([...picked].sort()).toEqual(['ab', 'ac', 'ba', 'bc', 'ca', 'cb'])
  })

  test('tries every order of timers that are due together, and lets goroutines in between', async () => {
    const orders = new Set<string>()
    await explore({ strategy: 'dfs' }, async () => {
      let order = ''
      const wg = new WaitGroup()
      for (const name of ['a', 'b', 'c']) {
        wg.go(async () => {
          await sleep(10)
          order += name
        })
      }
      await wg.wait()
      orders.add(order)
    })()
    expect(orders.size).toBe(6)
  })

  test("keeps the order of JavaScript's own timers", async () => {
    const orders = new Set<string>()
    await explore({ strategy: 'dfs' }, async () => {
      let order = ''
      setTimeout(() => (order += 'a'), 10)
      setTimeout(() => (order += 'b'), 10)
      setImmediate(() => (order += '1'))
      setImmediate(() => (order += '2'))
      await sleep(20)
      orders.add(order)
    })()
    expect([...orders]).toEqual(['12ab'])
  })
})

describe('a goroutine that gives way', () => {
  test('lets all others who can go on go first: a loop until something happens ends in every schedule', async () => {
    const check = explore({ strategy: 'dfs', schedules: 5000 }, async () => {
      let isSet = false
      go(async () => {
        isSet = true
      })
      while (!isSet) await gosched()
    })
    await check()
    expect(check.report).toMatchObject({ isProof: true, unfair: 0 })
  })

  test('is a livelock when nothing ever happens, whose cycle is shown', async () => {
    const error = await failureOf({ maxSteps: 500, seed: 1 }, async () => {
      let left = false
      let right = false
      const wg = new WaitGroup()
      wg.go(async function alice() {
        for (left = true; right; left = true) {
          left = false
          await gosched()
        }
        await new Promise<void>(() => {}).then()
      })
      wg.go(async function bob() {
        for (right = true; left; right = true) await gosched()
      })
      await wg.wait()
    })
    expect(error.kind).toBe('livelock')
    expect(error.message).toContain('no end after 500 steps')
    expect(error.message).toMatch(/\n\nit repeats for ever:\n +\d+ {2}goroutine 3 \(bob\) {2}gives way/)
  })

  test.each(['dfs', 'pct', 'random'] as const)(
    'a loop over a lock until somebody else does something is none, by %s',
    async (strategy) => {
      const body: Body = async () => {
        const mu = new Mutex()
        let isSet = false
        go(async () => {
          isSet = true
        })
        for (;;) {
          using _ = await mu.lock()
          if (isSet) return
        }
      }
      await explore({ strategy, schedules: 50, maxSteps: 200 }, body)()
      // Too short for the other one to have had his turn: then all have theirs in order, and it ends.
      const short = explore({ strategy: 'dfs', schedules: 50, maxSteps: 30 }, body)
      await short()
      expect(short.report!.unfair).toBeGreaterThan(0)
      expect(short.report!.isProof).toBe(false)
    },
  )

  test('a loop that waits for time to pass is none', async () => {
    await explore({ schedules: 20 }, async () => {
      let isDone = false
      go(async () => {
        await sleep(1000)
        isDone = true
      })
      while (!isDone) await gosched()
    })()
  })
})

describe('a failing schedule', () => {
  test.each(['random', 'pct', 'dfs'] as const)(
    'is found by %s and shrunk to the one switch that matters',
    async (strategy) => {
      const error = await failureOf({ strategy, seed: 7 }, abba)
      expect(error).toMatchObject({ code: 'ERR_EXPLORATION', kind: 'deadlock', steps: 5 })
      expect(error.message).toContain('goroutine 2 (left) waits for sync.Mutex 2, held by goroutine 3 (right)')
      expect(error.timeline.split('\n').map((line) => line.replace(/ {2}\S+:\d+:\d+$/, '').trim())).toEqual([
        '1  goroutine 1 (abba)   starts',
        '1  goroutine 1 (abba)   go goroutine 2 (left)',
        '1  goroutine 1 (abba)   go goroutine 3 (right)',
        '1  goroutine 1 (abba)   waits [sync.WaitGroup.Wait]',
        '2  goroutine 2 (left)   starts',
        '2  goroutine 2 (left)   lock sync.Mutex 1',
        '3  goroutine 3 (right)  starts',
        '3  goroutine 3 (right)  lock sync.Mutex 2',
        '4  goroutine 3 (right)  waits [sync.Mutex.Lock], held by goroutine 2 (left)',
        '5  goroutine 2 (left)   waits [sync.Mutex.Lock], held by goroutine 3 (right)',
      ])
    },
  )

  test('is the same for the same seed, and names it', async () => {
    const first = await failureOf({ seed: 42 }, abba)
    const second = await failureOf({ seed: 42 }, abba)
    expect(first.seed).toBe(42)
    expect(first.message).toContain('seed 42')
    expect(second.schedules).toBe(first.schedules)
    expect(second.timeline).toBe(first.timeline)
  })

  test('keeps what the body threw as its cause', async () => {
    const boom = new TypeError('boom')
    const error = await failureOf({}, async () => {
      go(async function worker() {
        throw boom
      })
      await sleep(1)
    })
    expect(error.kind).toBe('throw')
    expect(error.cause).toBe(boom)
  })

  test('is a leak when the body has returned and somebody is blocked; not when he only sleeps', async () => {
    const error = await failureOf({}, async () => {
      go(async function forgotten() {
        await chan().receive()
      })
    })
    expect(error.kind).toBe('leak')
    expect(error.message).toContain('deadlock: main bubble goroutine has exited but blocked goroutines remain')
    await explore({ schedules: 10 }, async () => {
      go(() => sleep(30_000))
    })()
  })

  test('ends by a timeout that is virtual', async () => {
    const check = explore({ schedules: 20 }, async (t) => {
      const picked = await select({ never: chan(), timeout: after(3_600_000) })
      expect(picked.case).toBe('timeout')
      expect(t.now()).toBe(3_600_000)
    })
    await check()
  })
})

describe('turns of awaiting goroutines', () => {
  // The update is lost since the first has been woken, and has not gone on, when the second is.
  const lostUpdates: readonly (readonly [string, () => () => Promise<unknown>])[] = [
    ['gosched', () => () => gosched()],
    ['sleep', () => () => sleep(1)],
    [
      'send',
      () => {
        const free = chan<number>(8)
        return () => free.send(1)
      },
    ],
    [
      'lock',
      () => {
        const mu = new Mutex()
        return async () => {
          await mu.lock()
          mu.unlock()
        }
      },
    ],
  ]

  test.each(lostUpdates)(
    'overlap, as in production: an update is lost across a helper that waits by %s',
    async (_name, make) => {
      const body: Body = async () => {
        const point = make()
        const wg = new WaitGroup()
        let count = 0
        const read = async (): Promise<number> => {
          await point()
          return count
        }
        for (let i = 0; i < 2; i++) {
          wg.go(async () => {
            const before = await read()
            count = before + 1
          })
        }
        await wg.wait()
        if (count !== 2) throw new Error(`count is ${count}`)
      }
      const error = await failureOf({ seed: 5 }, body)
      expect(error.kind).toBe('throw')
      const again = await failureOf({ token: error.token }, body)
      expect(again.timeline).toBe(error.timeline)
    },
  )
})

describe('a generator goroutine', () => {
  function* abbaByGenerators() {
    const a = new Mutex()
    const b = new Mutex()
    const both = function* (first: Mutex, second: Mutex) {
      using _ = yield* first.lock()
      using __ = yield* second.lock()
    }
    const left = go(both, a, b)
    const right = go(both, b, a)
    yield* left.join()
    yield* right.join()
  }

  test.each(['random', 'pct'] as const)(
    'can be overtaken at operations that need not wait, by %s',
    async (strategy) => {
      const error = await failureOf({ strategy, seed: 1 }, abbaByGenerators)
      expect(error.kind).toBe('deadlock')
      const again = await failureOf({ token: error.token }, abbaByGenerators)
      expect(again.timeline).toBe(error.timeline)
    },
  )
})

describe('a point where others may get in', () => {
  test('is any operation, as a sleep of zero; giving way is more: it lets all go first who can', async () => {
    const body =
      (point: () => Promise<void>): Body =>
      async () => {
        let db = 1
        let cache: number | undefined
        const get = go(async () => {
          const value = db
          await point()
          cache = value
        })
        const put = go(async () => {
          db = 2
          await point()
          cache = undefined
        })
        await get.join()
        await put.join()
        if (cache !== undefined && cache !== db) throw new Error('stale')
      }
    for (const strategy of ['dfs', 'random', 'pct'] as const) {
      expect(
        (
          await failureOf(
            { strategy, seed: 1 },
            body(() => sleep(0)),
          )
        ).kind,
      ).toBe('throw')
      await explore({ strategy, seed: 1 }, body(gosched))()
    }
  })
})

describe('a program that is busy', () => {
  test('beside a deadlock of others is a deadlock, with their cycle', async () => {
    const error = await failureOf({ maxSteps: 500, seed: 1 }, async () => {
      let isOver = false
      go(async function poller() {
        while (!isOver) await sleep(10)
      })
      await abba()
      isOver = true
    })
    expect(error.kind).toBe('deadlock')
    expect(error.message).toContain('wait-for cycle')
  })

  test('may take its time when the body has returned', async () => {
    await explore({ schedules: 3 }, async () => {
      go(() => sleep(10_000_000))
    })()
  })

  test('for ever is a leak when the body has returned', async () => {
    const error = await failureOf({ maxSteps: 200 }, async () => {
      go(async function poller() {
        for (;;) await sleep(10)
      })
    })
    expect(error.kind).toBe('leak')
    expect(error.message).toContain('poller')
  })
})

describe('a proof', () => {
  test('is not claimed where generator goroutines could be overtaken and were not', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    const body: Body = function* () {
      const free = chan<number>(4)
      yield* free.send(1)
    }
    const without = explore({ strategy: 'dfs' }, body)
    await without()
    expect(without.report?.isProof).toBe(false)
    expect(said.mock.lastCall?.[0]).toContain('preemption: true')
    const preempted = explore({ strategy: 'dfs', preemption: true }, body)
    await preempted()
    expect(preempted.report?.isProof).toBe(true)
    said.mockRestore()
  })
})

describe('shrinking', () => {
  test('keeps to the bug that was found, where there is another with fewer switches', async () => {
    const body: Body = async () => {
      const wg = new WaitGroup()
      const free = chan<number>(8)
      let order = ''
      for (const name of ['a', 'b', 'c']) {
        wg.go(async () => {
          await free.send(1)
          order += name
        })
      }
      await wg.wait()
      if (order === 'cba') throw new Error('all the other way round')
      if (order !== 'abc') throw new Error('in some other order')
    }
    const messages = new Set<string>()
    for (let seed = 1; seed <= 20; seed++) {
      const error = await failureOf({ seed }, body)
      expect(error.message).toContain((error.cause as Error).message)
      messages.add((error.cause as Error).message)
    }
    expect(messages.size).toBe(2)
  })
})

describe('a token', () => {
  test('replays the same timeline, in whatever order goroutines are started', async () => {
    const error = await failureOf({ strategy: 'pct', seed: 3 }, abba)
    expect(error.token).toMatch(/^v1:[\w-]+$/)
    const again = await failureOf({ strategy: 'replay', token: error.token }, abba)
    expect(again.timeline).toBe(error.timeline)
    expect(again.token).toBe(error.token)
  })

  test('of a schedule without a failure passes', async () => {
    const { token } = await failureOf({ seed: 1 }, abba)
    const fails = reasonOf(explore({ strategy: 'replay', token }, async () => {})())
    expect(await fails).toMatchObject({ code: 'ERR_EXPLORATION_DIVERGED' })
  })

  test('that the program no longer follows is said to diverge, and where', async () => {
    const { token } = await failureOf({ seed: 1 }, abba)
    const error = await failureOf({ strategy: 'replay', token }, async () => {
      const wg = new WaitGroup()
      for (let i = 0; i < 4; i++) wg.go(() => gosched())
      await wg.wait()
    })
    expect(error.code).toBe('ERR_EXPLORATION_DIVERGED')
    expect(error.message).toMatch(/the replay diverged.*\n\nat choice \d+ there were \d options/)
  })

  test.each([
    '',
    'v1',
    'v1:',
    'v2:AAAA',
    'v1:?',
    'v1:AAA',
    'v1:_',
    'v1:AADDBIjD',
    'v1:AADDBIA',
    'v1:AADDAIB',
    'v1:AADDEIB',
    'v1:________________A',
  ])('is refused when it is none: %j', (token) => {
    expect(() => explore({ strategy: 'replay', token }, abba)).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining(`'${token}'`) }),
    )
  })
})

test('a WARREN_REPLAY that is no token is refused by its name', async () => {
  vi.stubEnv('WARREN_REPLAY', 'nonsense')
  const error = await reasonOf(explore({}, abba)())
  vi.unstubAllEnvs()
  expect(error).toMatchObject({
    code: 'ERR_OUT_OF_RANGE',
    message: expect.stringMatching(/^WARREN_REPLAY must be .*'nonsense'/),
  })
})

describe('a body that is not deterministic', () => {
  test('is told from a bug', async () => {
    let runs = 0
    const error = await failureOf({ strategy: 'dfs' }, async () => {
      const wg = new WaitGroup()
      runs++
      for (let i = 0; i < (runs % 2 === 0 ? 2 : 3); i++) wg.go(() => gosched())
      await wg.wait()
    })
    expect(error.code).toBe('ERR_EXPLORATION_DIVERGED')
    expect(error.message).toContain('the body is not deterministic')
  })
})

describe('options', () => {
  test.each([
    [{ strategy: 'bfs' }, 'ERR_OUT_OF_RANGE'],
    [{ schedules: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ schedules: '5' }, 'ERR_INVALID_ARG_TYPE'],
    [{ depth: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ seed: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ maxSteps: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ preemption: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ strategy: 'replay' }, 'ERR_INVALID_ARG_TYPE'],
    [{ token: 'v1:garbage!!' }, 'ERR_OUT_OF_RANGE'],
    [{ token: 'v1:AAAA', strategy: 'dfs' }, 'ERR_OUT_OF_RANGE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('%j are refused', (options, code) => {
    expect(() => explore(options as never, abba)).toThrow(expect.objectContaining({ code }))
  })

  test('a body that is none is refused', () => {
    expect(() => explore({}, undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  })
})
