// Deadlocks that did not happen this time. In every program here all goroutines end.
import { describe, expect, onTestFinished, test } from 'vitest'
import { background, Cond, chan, go, gosched, Mutex, Once, RWMutex, WaitGroup, withCancel } from 'warren'
import { type LockReport, watchLocks } from 'warren/debug'
import { bubble } from 'warren/testing'
import { type Step, type StepStyle, stepStyles } from '../support/lock-steps.ts'
import { idle } from '../support/styles.ts'

function watch(): LockReport[] {
  const reports: LockReport[] = []
  const watching = watchLocks((report) => reports.push(report))
  onTestFinished(() => watching[Symbol.dispose]())
  return reports
}

/** Runs goroutines one after the other, though nothing but chance orders them, and returns what was reported. */
async function reportsOf(
  style: StepStyle,
  programs: { readonly [name: string]: readonly Step[] },
): Promise<LockReport[]> {
  const reports = watch()
  const all = Object.entries(programs).map(([name, steps], i) => {
    const later = Array.from({ length: i * 20 }, (): Step => ['step'])
    return style.go(name, [...later, ...steps])
  })
  for (const each of all) await each.join()
  await idle()
  return reports
}

const nested = (a: Mutex, b: Mutex): Step[] => [
  ['lock', a],
  ['lock', b],
  ['unlock', b],
  ['unlock', a],
]

for (const style of stepStyles) {
  describe(`${style.name} goroutines that take locks in different orders are reported`, () => {
    test('when they never met', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const reports = await reportsOf(style, { left: nested(a, b), right: nested(b, a), again: nested(b, a) })
      expect(reports).toHaveLength(1)
      const [{ kind, goroutines, locks, text }] = reports as [LockReport]
      expect(kind).toBe('lock-order')
      expect(goroutines.map(({ name, holds, asks }) => [name, holds, asks])).toEqual([
        ['right', 0, 1],
        ['left', 1, 0],
      ])
      expect(locks.map((lock) => lock.kind)).toEqual(['sync.Mutex', 'sync.Mutex'])
      expect(text).toMatch(
        /^possible deadlock: locks are taken in different orders:\n {2}goroutine \d+ \(right\) held sync.Mutex \d+ and asked for sync.Mutex \d+\n/,
      )
      expect(text).toMatch(/held at .*lock-steps\.ts:\d+:\d+ \(/)
      expect(goroutines[0]?.heldAt).toContain('lock-steps.ts')
    })

    test('when the circle is longer than two', async () => {
      const [a, b, c] = [new Mutex(), new Mutex(), new Mutex()]
      const reports = await reportsOf(style, { one: nested(a, b), two: nested(b, c), three: nested(c, a) })
      expect(reports.map(({ goroutines }) => goroutines.length)).toEqual([3])
    })

    test('when one of the locks was taken by tryLock', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const reports = await reportsOf(style, {
        left: [['tryLock', a], ['step'], ['lock', b], ['unlock', b], ['unlock', a]],
        right: nested(b, a),
      })
      expect(reports).toHaveLength(1)
    })

    test('when a writer and a reader exclude each other', async () => {
      const [rw, mu] = [new RWMutex(), new Mutex()]
      const reports = await reportsOf(style, {
        reader: [
          ['rLock', rw],
          ['lock', mu],
          ['unlock', mu],
          ['rUnlock', rw],
        ],
        writer: [
          ['lock', mu],
          ['lock', rw],
          ['unlock', rw],
          ['unlock', mu],
        ],
      })
      expect(reports).toHaveLength(1)
      expect(reports[0]?.text).toContain('(to read)')
    })

    test('when readers do and a third goroutine writes to both', async () => {
      const [a, b] = [new RWMutex(), new RWMutex()]
      const readers = {
        one: [
          ['rLock', a],
          ['rLock', b],
          ['rUnlock', b],
          ['rUnlock', a],
        ],
        two: [
          ['rLock', b],
          ['rLock', a],
          ['rUnlock', a],
          ['rUnlock', b],
        ],
      } as const
      const writer = [
        ['lock', a],
        ['unlock', a],
        ['lock', b],
        ['unlock', b],
      ] as const
      expect(await reportsOf(style, { ...readers, writer })).toHaveLength(1)
      expect(await reportsOf(style, { writer, ...readers })).toHaveLength(1)
    })

    test('when a reader reads again and another goroutine writes', async () => {
      for (const order of ['reader first', 'writer first']) {
        const rw = new RWMutex()
        const reader = [
          ['rLock', rw],
          ['rLock', rw],
          ['rUnlock', rw],
          ['rUnlock', rw],
        ] as const
        const writer = [
          ['lock', rw],
          ['unlock', rw],
        ] as const
        const reports = await reportsOf(style, order === 'reader first' ? { reader, writer } : { writer, reader })
        expect(reports.map(({ kind }) => kind)).toEqual(['lock-order'])
        expect(reports[0]?.text).toContain('a reader reads again')
      }
    })

    test('when one of them holds a lock that a Cond gave back', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const cond = new Cond(a)
      const reports = await reportsOf(style, {
        sleeper: [
          ['lock', a],
          ['wait', cond],
          ['lock', b],
          ['unlock', b],
          ['unlock', a],
        ],
        waker: [['call', () => cond.signal()], ...Array.from({ length: 20 }, (): Step => ['step']), ...nested(b, a)],
      })
      expect(reports).toHaveLength(1)
    })

    test('when one is inside a Once, and the other holds what that locks', async () => {
      const [once, mu] = [new Once(), new Mutex()]
      const gate = chan<never>()
      const reports = await reportsOf(style, {
        first: [
          [
            'do',
            once,
            [
              ['lock', mu],
              ['unlock', mu],
              ['receive', gate],
            ],
          ],
        ],
        second: [
          ['lock', mu],
          ['call', () => void go(openLater)],
          ['do', once, []],
          ['unlock', mu],
        ],
      })
      async function openLater(): Promise<void> {
        for (let i = 0; i < 20; i++) await gosched()
        gate.close()
      }
      expect(reports).toHaveLength(1)
      expect(reports[0]?.text).toContain('sync.Once')
    })
  })

  describe(`nothing is said of ${style.name} goroutines`, () => {
    test('that take locks in the same order, also hand over hand', async () => {
      const [a, b, c] = [new Mutex(), new Mutex(), new Mutex()]
      const handOverHand: Step[] = [
        ['lock', a],
        ['step'],
        ['lock', b],
        ['unlock', a],
        ['step'],
        ['lock', c],
        ['unlock', b],
        ['step'],
        ['unlock', c],
      ]
      expect(await reportsOf(style, { one: handOverHand, two: handOverHand, three: nested(a, c) })).toEqual([])
    })

    test('that hold a common gate lock', async () => {
      const [gate, a, b] = [new Mutex(), new Mutex(), new Mutex()]
      const gated = (steps: Step[]): Step[] => [['lock', gate], ['step'], ...steps, ['unlock', gate]]
      expect(await reportsOf(style, { one: gated(nested(a, b)), two: gated(nested(b, a)) })).toEqual([])
    })

    test('one of which does both, one after the other', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      expect(await reportsOf(style, { one: [...nested(a, b), ['step'], ...nested(b, a)] })).toEqual([])
    })

    test('one of which is done before the other starts, as told by join, a WaitGroup or a channel', async () => {
      for (const way of ['join', 'late join', 'wait group', 'channel']) {
        const [a, b] = [new Mutex(), new Mutex()]
        const reports = watch()
        const done = chan<never>(1)
        const group = new WaitGroup()
        group.add(2)
        const end: Step[] = [
          ['call', () => group.done()],
          ['call', () => done.close()],
        ]
        const first = style.go('first', [...nested(a, b), ...end])
        await style.go('starter', way === 'join' ? [] : [['step'], ['step']]).join()
        const waits: { [way: string]: Step[] } = {
          join: [['join', first]],
          'late join': [['step'], ['step'], ['join', first]],
          channel: [['receive', done]],
          'wait group': [
            ['call', () => group.done()],
            ['call', () => void group.wait()],
          ],
        }
        await style.go('second', [...waits[way]!, ...nested(b, a)]).join()
        expect(reports, way).toEqual([])
      }
    })

    test('that back off with tryLock', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const polite: Step[] = [
        ['lock', b],
        ['tryLock', a],
        ['unlock', a],
        ['unlock', b],
      ]
      expect(await reportsOf(style, { one: nested(a, b), two: polite })).toEqual([])
    })

    test('that wait under a context only', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const ctx = withCancel(background())
      const bounded: Step[] = [
        ['lock', b],
        ['lock', a, ctx],
        ['unlock', a],
        ['unlock', b],
      ]
      expect(await reportsOf(style, { one: nested(a, b), two: bounded })).toEqual([])
    })

    test('that read two RWMutexes which nobody writes, or only one of which is written', async () => {
      const [a, b] = [new RWMutex(), new RWMutex()]
      const reports = await reportsOf(style, {
        one: [
          ['rLock', a],
          ['rLock', b],
          ['rUnlock', b],
          ['rUnlock', a],
        ],
        two: [
          ['rLock', b],
          ['rLock', a],
          ['rLock', a],
          ['rUnlock', a],
          ['rUnlock', a],
          ['rUnlock', b],
        ],
        writer: [
          ['lock', b],
          ['unlock', b],
        ],
      })
      expect(reports).toEqual([])
    })

    test('that read again what was written only before they started', async () => {
      const rw = new RWMutex()
      const reports = watch()
      const reader: Step[] = [
        ['rLock', rw],
        ['rLock', rw],
        ['rUnlock', rw],
        ['rUnlock', rw],
      ]
      const writer = style.go('writer', [
        ['lock', rw],
        ['unlock', rw],
      ])
      await style
        .go('starter', [
          ['join', writer],
          ['call', () => void style.go('reader', reader)],
        ])
        .join()
      await idle()
      expect(reports).toEqual([])
    })

    test('that pass a lock on', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const ready = chan<never>()
      const reports = await reportsOf(style, {
        giver: [['lock', a], ['step'], ['call', () => ready.close()]],
        taker: [
          ['receive', ready],
          ['lock', b],
          ['unlock', a],
          ['unlock', b],
        ],
        other: [['receive', ready], ['step'], ['step'], ...nested(b, a), ...nested(a, b)],
        another: [['receive', ready], ['step'], ['step'], ['step'], ...nested(a, b)],
      })
      expect(reports).toEqual([])
    })

    test('that wait on a Cond, which has released its lock', async () => {
      const [a, b] = [new Mutex(), new Mutex()]
      const cond = new Cond(a)
      const reports = await reportsOf(style, {
        sleeper: [
          ['lock', a],
          ['wait', cond],
          ['unlock', a],
          ['lock', b],
          ['unlock', b],
        ],
        waker: [
          ['lock', b],
          ['lock', a],
          ['call', () => cond.signal()],
          ['unlock', a],
          ['unlock', b],
        ],
      })
      expect(reports).toEqual([])
    })
  })
}

describe('nothing is said of the strands of an async goroutine', () => {
  const pause = () => new Promise((resolve) => setImmediate(resolve))

  test('that run beside each other', async () => {
    const [a, b] = [new Mutex(), new Mutex()]
    const reports = watch()
    const take = async (mu: Mutex) => {
      await pause()
      using _ = await mu.lock()
      await pause()
    }
    const both = go(async () => void (await Promise.all([take(a), take(b), take(b), take(a)])))
    await both.join()
    const calls = go(async () => {
      void take(a)
      await pause()
      await pause()
      using _ = await a.lock()
    })
    await calls.join()
    const handlers = go(async () => {
      for (let i = 0; i < 3; i++) setImmediate(() => void take(a))
      await new Promise<void>((resolve) => setImmediate(() => void take(a).then(() => resolve())))
      using _ = await a.lock()
    })
    await handlers.join()
    const loop = go(async () => {
      const handle = async () => {
        using _ = await a.lock()
        await pause()
        await pause()
      }
      for (let i = 0; i < 4; i++) {
        void handle()
        await pause()
      }
      await pause()
      using _ = await a.lock()
    })
    await loop.join()
    await idle()
    expect(reports).toEqual([])
  })

  test('one of which left a call to itself while it held a lock', async () => {
    const [a, b] = [new Mutex(), new Mutex()]
    const reports = watch()
    const tell = async () => {
      using _ = await b.lock()
      await pause()
    }
    const one = go(async () => {
      using _ = await a.lock()
      void tell()
      await pause()
    })
    await idle()
    const other = go(async () => {
      using _ = await b.lock()
      using _a = await a.lock()
    })
    await Promise.all([one.join(), other.join()])
    expect(reports).toEqual([])
  })

  test('outside of all goroutines', async () => {
    const [a, b] = [new Mutex(), new Mutex()]
    const reports = watch()
    const pair = async (first: Mutex, second: Mutex) => {
      using _ = await first.lock()
      await pause()
      using _second = await second.lock()
    }
    await Promise.all([pair(a, b), pair(a, b)])
    await pair(b, a)
    expect(reports).toEqual([])
  })
})

test('what an async goroutine awaits belongs to it: helpers are known', async () => {
  const [a, b] = [new Mutex(), new Mutex()]
  const reports = watch()
  const inner = async (mu: Mutex) => {
    using _ = await mu.lock()
    await gosched()
  }
  const outer = async (first: Mutex, second: Mutex) => {
    using _ = await first.lock()
    await inner(second)
  }
  const one = go(() => outer(a, b))
  await idle()
  const other = go(async () => void (await outer(b, a)))
  await idle()
  await Promise.all([one.join(), other.join()])
  expect(reports.map(({ kind }) => kind)).toEqual(['lock-order'])
})

test('a handler that throws is an uncaught exception, and the lock is taken', async () => {
  const [a, b] = [new Mutex(), new Mutex()]
  const errors: unknown[] = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => errors.push(error))
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException')
    for (const listener of listeners) process.on('uncaughtException', listener)
  })
  using _ = watchLocks(() => {
    throw new Error('from the handler')
  })
  const [style] = stepStyles as [StepStyle]
  const one = style.go('one', nested(a, b))
  await idle()
  const two = style.go('two', nested(b, a))
  await idle()
  await Promise.all([one.join(), two.join()])
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors.map(String)).toEqual(['Error: from the handler'])
})

describe('in a bubble', () => {
  test('goroutines of both styles are watched', async () => {
    for (const style of stepStyles) {
      const reports = watch()
      const [a, b] = [new Mutex(), new Mutex()]
      await bubble(async () => {
        const later = Array.from({ length: 20 }, (): Step => ['step'])
        const one = style.go('one', nested(a, b))
        const two = style.go('two', [...later, ...nested(b, a)])
        await Promise.all([one.join(), two.join()])
      })()
      expect(reports.map(({ kind }) => kind)).toEqual(['lock-order'])
    }
  })
})
