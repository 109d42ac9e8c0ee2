// Deadlocks at the moment they close.
import { describe, expect, onTestFinished, test } from 'vitest'
import { background, Cond, chan, type Goroutine, go, gosched, Mutex, Once, onceFunc, RWMutex, withCancel } from 'warren'
import { type LockReport, watchLocks } from 'warren/debug'
import { type Step, type StepStyle, stepStyles } from '../support/lock-steps.ts'
import { idle } from '../support/styles.ts'

function watch(): LockReport[] {
  const reports: LockReport[] = []
  const watching = watchLocks((report) => reports.push(report))
  onTestFinished(() => watching[Symbol.dispose]())
  return reports
}

const started: Goroutine<unknown>[] = []

/** Runs goroutines until none can go on, and returns what was reported. Those of generators are killed at the end. */
async function reportsOf(
  style: StepStyle,
  programs: { readonly [name: string]: readonly Step[] },
): Promise<LockReport[]> {
  const reports = watch()
  for (const [name, steps] of Object.entries(programs)) started.push(style.go(name, steps))
  await idle()
  for (const each of started.splice(0)) {
    void each.join().catch(() => {})
    if (style.name === 'generator') each.kill()
  }
  return reports
}

const crossing = (a: Mutex, b: Mutex): Step[] => [['lock', a], ['step'], ['lock', b], ['unlock', b], ['unlock', a]]

for (const style of stepStyles) {
  describe(`a deadlock of ${style.name} goroutines is reported at once`, () => {
    test('when two wait for each other, and no other report is made of it', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const reports = await reportsOf(style, { left: crossing(a, b), right: crossing(b, a) })
      expect(reports).toHaveLength(1)
      const [{ kind, goroutines, locks, text }] = reports as [LockReport]
      expect(kind).toBe('cycle')
      expect(goroutines.map(({ name }) => name).sort()).toEqual(['left', 'right'])
      expect(locks).toHaveLength(2)
      expect(text).toMatch(
        /^deadlock: wait-for cycle:\n {2}goroutine \d+ \((left|right)\) waits for sync.Mutex \d+, held by goroutine \d+ \((left|right)\)\n {4}asked for at .*lock-steps.ts:\d+:\d+/,
      )
    })

    test('when it goes around many', async () => {
      const locks = Array.from({ length: 5 }, () => new Mutex())
      const reports = await reportsOf(
        style,
        Object.fromEntries(locks.map((lock, i) => [`philosopher${i}`, crossing(lock, locks[(i + 1) % 5]!)])),
      )
      expect(reports.map(({ kind, goroutines }) => [kind, goroutines.length])).toEqual([['cycle', 5]])
    })

    test('when one locks what it holds itself', async () => {
      const makers: (() => Step[])[] = [
        (mu = new Mutex()) => [['lock', mu], ['step'], ['lock', mu]],
        (rw = new RWMutex()) => [['lock', rw], ['step'], ['lock', rw]],
        (rw = new RWMutex()) => [['lock', rw], ['step'], ['rLock', rw]],
        (rw = new RWMutex()) => [['rLock', rw], ['step'], ['lock', rw]],
      ]
      for (const make of makers) {
        const reports = await reportsOf(style, { self: make() })
        expect(reports.map(({ kind }) => kind)).toEqual(['cycle'])
        expect(reports[0]?.text).toContain('which it holds itself')
      }
    })

    test('when a reader reads again behind a writer', async () => {
      const rw = new RWMutex()
      const reports = await reportsOf(style, {
        reader: [['rLock', rw], ['step'], ['step'], ['rLock', rw]],
        writer: [['step'], ['lock', rw]],
      })
      expect(reports.map(({ kind }) => kind)).toEqual(['cycle'])
      expect(reports[0]?.goroutines.map(({ name }) => name)).toContain('reader')
    })

    test('when a Cond cannot take its lock back', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const cond = new Cond(a)
      const reports = await reportsOf(style, {
        sleeper: [
          ['lock', b],
          ['lock', a],
          ['wait', cond],
        ],
        waker: [['step'], ['step'], ['lock', a], ['call', () => cond.signal()], ['lock', b]],
      })
      expect(reports.filter(({ kind }) => kind === 'cycle')).toHaveLength(1)
    })

    test('when the function of a Once waits for its caller', async () => {
      const [mu, once] = [new Mutex(), new Once()]
      const reports = await reportsOf(style, {
        caller: [
          ['lock', mu],
          ['do', once, [['lock', mu]]],
        ],
      })
      expect(reports.map(({ kind }) => kind)).toEqual(['cycle'])
      expect(reports[0]?.text).toMatch(/waits for sync.Once \d+, held by goroutine \d+ \(setUp\)/)
    })
  })

  describe(`no deadlock of ${style.name} goroutines is reported`, () => {
    test('when a wait of it ends with a context', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const ctx = withCancel(background())
      const reports = await reportsOf(style, {
        left: crossing(a, b),
        right: [['lock', b], ['step'], ['lock', a, ctx]],
        self: [
          ['lock', a, ctx],
          ['lock', a, ctx],
        ],
      })
      ctx.cancel()
      await idle()
      expect(reports).toEqual([])
    })

    test('when a reader reads again behind a writer that may give up', async () => {
      const rw = new RWMutex()
      const ctx = withCancel(background())
      const reports = await reportsOf(style, {
        reader: [['rLock', rw], ['step'], ['step'], ['rLock', rw]],
        writer: [['step'], ['lock', rw, ctx]],
      })
      ctx.cancel()
      await idle()
      expect(reports).toEqual([])
    })

    test('when all wait for one that is busy', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const gate = chan<never>()
      const reports = await reportsOf(style, {
        busy: [
          ['lock', a],
          ['lock', b],
          ['receive', gate],
          ['unlock', b],
          ['unlock', a],
        ],
        one: [['step'], ['lock', a], ['unlock', a]],
        two: [['step'], ['lock', b], ['unlock', b]],
      })
      gate.close()
      await idle()
      expect(reports).toEqual([])
    })

    test('when a Cond has released the lock', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const cond = new Cond(a)
      const reports = await reportsOf(style, {
        sleeper: [
          ['lock', a],
          ['wait', cond],
          ['unlock', a],
        ],
        waker: [['step'], ['lock', b], ['lock', a], ['call', () => cond.signal()], ['unlock', a], ['unlock', b]],
        other: [['step'], ['lock', b], ['unlock', b]],
      })
      expect(reports).toEqual([])
    })
  })
}

describe('of async code', () => {
  const pause = () => new Promise((resolve) => setImmediate(resolve))

  test('a deadlock through helpers is reported, with the doubt that there is', async () => {
    const mu = new Mutex()
    const reports = watch()
    const inner = async () => void (await mu.lock())
    go(async () => {
      await mu.lock()
      await inner()
    })
    await idle()
    expect(reports.map(({ kind }) => kind)).toEqual(['cycle'])
    expect(reports[0]?.text).toContain('(unless an async function was called there without await)')
  })

  test('no deadlock is seen in strands that lock the same thing', async () => {
    const mu = new Mutex()
    const reports = watch()
    const work = async () => {
      await pause()
      using _ = await mu.lock()
      await pause()
    }
    const locks = async () => {
      using _ = await mu.lock()
      await pause()
    }
    await go(async () => void (await Promise.all([work(), work(), work()]))).join()
    await go(async () => void (await Promise.all([locks(), locks(), locks()]))).join()
    await go(async () => {
      for (let i = 0; i < 3; i++) {
        void locks()
        await pause()
      }
    }).join()
    await go(async () => {
      const first = await mu.lock()
      const second = mu.lock()
      first[Symbol.dispose]()
      ;(await second)[Symbol.dispose]()
    }).join()
    await go(async () => {
      await new Promise<void>((resolve) => {
        setImmediate(() => void locks())
        setImmediate(() => void locks().then(resolve))
      })
    }).join()
    await Promise.all([work(), work(), locks(), locks()])
    await idle()
    expect(reports).toEqual([])
  })

  test('no deadlock is seen in strands that come to the same lock one after the other', async () => {
    const mu = new Mutex()
    const reports = watch()
    const pauses = async (count: number) => {
      for (let i = 0; i < count; i++) await pause()
    }
    const workAfter = async (count: number) => {
      await pauses(count)
      using _ = await mu.lock()
      await pauses(6)
    }
    const left = go(async () => {
      void workAfter(1)
      void workAfter(3)
      await pauses(20)
    })
    await left.join()
    await go(async () => void (await Promise.all([workAfter(1), workAfter(3)]))).join()
    await go(async () => void (await Promise.allSettled([workAfter(1), workAfter(3)]))).join()
    expect(reports).toEqual([])
  })

  test('no deadlock is seen where a lock is only queued for', async () => {
    const mu = new Mutex()
    const reports = watch()
    const goroutine = go(async () => {
      const [first, second] = [mu.lock(), mu.lock()]
      const guard = await first
      await pause()
      await pause()
      await pause()
      guard[Symbol.dispose]()
      ;(await second)[Symbol.dispose]()
    })
    await goroutine.join()
    expect(reports).toEqual([])
  })

  test('no deadlock is seen in a generator goroutine whose async helper waits for it', async () => {
    const mu = new Mutex()
    const reports = watch()
    const goroutine = go(function* () {
      const held = yield* mu.lock()
      const helper = (async () => {
        await pause()
        using _ = await mu.lock()
      })()
      yield* gosched()
      yield* idle()
      held[Symbol.dispose]()
      return helper
    })
    await await goroutine.join()
    expect(reports).toEqual([])
  })
})

test('a guard that another goroutine disposes of is no hold of its own', async () => {
  const [a, b] = [new Mutex(), new Mutex()]
  const reports = watch()
  const guards = chan<Disposable>(1)
  const giver = go(function* () {
    yield* guards.send(yield* a.lock())
    yield* b.lock()
    yield* gosched()
    b.unlock()
  })
  const taker = go(function* () {
    const guard = (yield* guards.receive())!
    yield* b.lock()
    guard[Symbol.dispose]()
    b.unlock()
    yield* a.lock()
    yield* b.lock()
    b.unlock()
    a.unlock()
  })
  await Promise.all([giver.join(), taker.join()])
  expect(reports).toEqual([])
})

test('a function of onceFunc that calls itself is a deadlock', async () => {
  const reports = watch()
  const again: () => ReturnType<typeof self> = () => self()
  const self = onceFunc(function* setUp() {
    yield* again()
  })
  const caller = go(function* () {
    yield* self()
  })
  await idle()
  expect(reports.map(({ kind }) => kind)).toEqual(['cycle'])
  void caller.join().catch(() => {})
  caller.kill()
})

test('nothing is reported after the watch was disposed of', async () => {
  const reports: LockReport[] = []
  const watching = watchLocks((report) => reports.push(report))
  watching[Symbol.dispose]()
  watching[Symbol.dispose]()
  const [a, b] = [new Mutex(), new Mutex()]
  const [style] = stepStyles as [StepStyle]
  const both = [style.go('left', crossing(a, b)), style.go('right', crossing(b, a))]
  await idle()
  for (const each of both) {
    void each.join().catch(() => {})
    each.kill()
  }
  expect(reports).toEqual([])
})

test('a handler that is no function is refused', () => {
  expect(() => watchLocks(7 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
})
