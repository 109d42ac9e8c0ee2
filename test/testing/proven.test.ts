// Every way to be stuck for ever is proven, in both styles, with its reason, where it was started and where it blocks.
import { describe, expect, test } from 'vitest'
import {
  afterFunc,
  broadcast,
  type Chan,
  Cond,
  chan,
  Group,
  go,
  Mutex,
  never,
  Once,
  onceFunc,
  type ReceiveChan,
  RWMutex,
  Semaphore,
  SingleFlight,
  select,
  sending,
  todo,
  WaitGroup,
  wait,
  watch,
  withCancel,
  withValue,
} from 'warren'
import { contextKey } from 'warren/context'
import { checkLeaks } from 'warren/testing'
import { asyncStyle, type Body, on, type Style, styles } from '../support/styles.ts'

interface Way {
  readonly name: string
  /** What each of the leaked goroutines waits for. */
  readonly states: readonly string[]
  body(style: Style): Body<unknown>
}

function* neverEnds(): Body {
  yield* on(chan().receive())
}

/** A body that is stuck in all of the goroutines that it starts, and itself. */
function way(name: string, states: string | readonly string[], body: Way['body']): Way {
  return { name, states: typeof states === 'string' ? [states] : states, body }
}

const ways: readonly Way[] = [
  way('receive', 'chan receive', () => on(chan().receive())),
  way('next', 'chan receive', () => on(chan().next())),
  way('receiveMany', 'chan receive', () => on(chan(3).receiveMany())),
  way('send', 'chan send', () => on(chan<number>().send(1))),
  way('send into a full buffer', 'chan send', function* () {
    const ch = chan<number>(1)
    yield* on(ch.send(1))
    yield* on(ch.send(2))
  }),
  way('sendMany', 'chan send', () => on(chan<number>(1).sendMany([1, 2, 3]))),
  way('sendMany of an iterable', 'chan send', () => on(chan<number>(1).sendMany(new Set([1, 2, 3])))),
  way('the nil channel, receiving', 'chan receive (nil chan)', () => on(never.receive())),
  way('the nil channel, sending', 'chan send (nil chan)', () => on(never.send(1))),
  way('select', 'select', () => on(select({ a: chan(), b: chan(2), sent: sending(chan<number>(), 1), none: null }))),
  way('select under a context', 'select', () => on(select([chan(), chan()], { ctx: withCancel(todo()) }))),
  way('select without cases', 'select (no cases)', () => on(select({}))),
  way('receive under a context', 'chan receive', () => on(chan().receive(withCancel(todo())))),
  way('receive under an AbortSignal', 'chan receive', () => on(chan().receive(new AbortController().signal))),
  way('receive from done of a context that nobody can cancel', 'chan receive', () => {
    const ctx = withValue(withCancel(todo()), contextKey<number>('n'), 1)
    return on(ctx.done.receive())
  }),
  way('receive from done of a context that never ends', 'chan receive (nil chan)', () => on(todo().done.receive())),
  way('Mutex.lock', 'sync.Mutex.Lock', function* () {
    const mu = new Mutex()
    yield* on(mu.lock())
    yield* on(mu.lock())
  }),
  way('Mutex.lock under a context', 'sync.Mutex.Lock', function* () {
    const mu = new Mutex()
    yield* on(mu.lock())
    yield* on(mu.lock(withCancel(todo())))
  }),
  way('RWMutex.lock', 'sync.RWMutex.Lock', function* () {
    const rw = new RWMutex()
    yield* on(rw.rLock())
    yield* on(rw.lock())
  }),
  way('RWMutex.rLock', 'sync.RWMutex.RLock', function* () {
    const rw = new RWMutex()
    yield* on(rw.lock())
    yield* on(rw.rLock())
  }),
  way('WaitGroup.wait', 'sync.WaitGroup.Wait', () => {
    const wg = new WaitGroup()
    wg.add(1)
    return on(wg.wait())
  }),
  way('Cond.wait', 'sync.Cond.Wait', function* () {
    const mu = new Mutex()
    yield* on(mu.lock())
    yield* on(new Cond(mu).wait())
  }),
  way('Once.do inside itself', ['sync.Mutex.Lock', 'sync.Mutex.Lock'], function* () {
    const once = new Once()
    yield* on(once.do(() => once.do(() => {})))
  }),
  way('onceFunc', ['sync.Mutex.Lock', 'chan receive'], () => on(onceFunc(neverEnds)())),
  way('Semaphore.acquire', 'semacquire', function* () {
    const sem = new Semaphore(2)
    yield* on(sem.acquire(1))
    yield* on(sem.acquire(2))
  }),
  way('SingleFlight.do', ['sync.WaitGroup.Wait', 'chan receive'], () =>
    on(new SingleFlight<string, void>().do('key', neverEnds)),
  ),
  way('Group.wait', ['sync.WaitGroup.Wait', 'chan receive'], function* () {
    const group = new Group()
    yield* on(group.go(neverEnds))
    yield* on(group.wait())
  }),
  way('Group.go over its limit', ['semacquire', 'chan receive'], function* () {
    const group = new Group({ limit: 1 })
    yield* on(group.go(neverEnds))
    yield* on(group.go(neverEnds))
  }),
  way('join', ['join', 'chan receive'], (style) => on(style.go(neverEnds).join())),
  way('a broadcast that nobody sends', 'chan receive', () =>
    on(broadcast<number>({ capacity: 1, lag: 'drop-oldest' }).subscribe().receive()),
  ),
  way('a watched value that nobody sets', 'chan receive', function* () {
    const changes = watch(1).subscribe()
    yield* on(changes.receive())
    yield* on(changes.receive())
  }),
  way('a foreign promise that nobody settles', 'IO wait', () => on(wait(new Promise(() => {})))),
  way('two that wait for each other', ['chan receive', 'chan receive'], (style) => {
    const [here, there] = [chan<number>(), chan<number>()]
    style.go(function* () {
      yield* on(there.receive())
      yield* on(here.send(1))
    })
    return exchange(here, there)
  }),
  way('locks taken in both orders', ['sync.Mutex.Lock', 'sync.Mutex.Lock'], function* (style) {
    const [a, b] = [new Mutex(), new Mutex()]
    const ready = chan<void>()
    style.go(function* () {
      yield* on(b.lock())
      yield* on(ready.send(undefined))
      yield* on(a.lock())
    })
    yield* on(a.lock())
    yield* on(ready.receive())
    yield* on(b.lock())
  }),
  way('a chain of parents and children', ['join', 'join', 'join', 'chan send'], (style) => {
    const descend = (depth: number): Body<unknown> =>
      depth === 0 ? on(chan<number>().send(1)) : on(style.go(descend, depth - 1).join())
    return descend(3)
  }),
  way('a chain of channels', ['chan receive', 'chan receive', 'chan receive'], (style) => {
    const source = chan<number>()
    const stage = (from: ReceiveChan<number>): Chan<number> => {
      const to = chan<number>()
      style.go(function* () {
        for (;;) yield* on(to.send((yield* on(from.receive()))!))
      })
      return to
    }
    return on(stage(stage(source)).receive())
  }),
]

function* exchange(here: Chan<number>, there: Chan<number>): Body {
  yield* on(here.receive())
  yield* on(there.send(1))
}

for (const style of styles) {
  describe(`${style.name} goroutines that can never run again`, () => {
    test.each(ways)('$name', async ({ states, body }) => {
      const found = await checkLeaks(() => void style.go(body, style))
      expect(found.map(({ proven }) => proven)).toEqual(states.map(() => true))
      expect(found.map(({ goroutine }) => goroutine.state).sort()).toEqual([...states].sort())
      for (const { goroutine } of found) {
        expect(goroutine.createdAt).toContain('proven.test.ts:')
        // The engine knows where an async function awaits a promise of another origin; we do not.
        const isKnown = goroutine.kind === 'generator' || goroutine.state !== 'IO wait'
        if (isKnown) expect(goroutine.blockedAt).toContain('proven.test.ts:')
      }
    })
  })
}

test('many at once are all proven', async () => {
  const found = await checkLeaks(() => {
    for (const style of styles) for (const { body } of ways) style.go(body, style)
  })
  expect(found.filter(({ proven }) => !proven)).toEqual([])
  expect(found.length).toBe(2 * ways.flatMap(({ states }) => states).length)
})

test('for await over a channel that nobody closes', async () => {
  const found = await checkLeaks(() => {
    go(async function drain() {
      for await (const _ of chan()) void _
    })
  })
  expect(found).toMatchObject([{ proven: true, goroutine: { name: 'drain', state: 'chan receive' } }])
})

test('a handle that is kept does not hide the leak of an async goroutine', async () => {
  let handle: unknown
  const found = await checkLeaks(() => {
    handle = go(async () => {
      await chan().receive()
    })
  })
  expect(found).toMatchObject([{ proven: true }])
  expect(handle).toBeDefined()
})

test('a promise of its own that is lost, in an async goroutine, has no block site', async () => {
  const found = await checkLeaks(() => {
    go(async () => {
      await new Promise(() => {})
    })
  })
  expect(found).toMatchObject([{ proven: true, goroutine: { state: 'IO wait', blockedAt: undefined } }])
})

test('what a timer has started', async () => {
  const found = await checkLeaks(async () => {
    const started = chan<void>()
    afterFunc(1, async function late() {
      await started.send(undefined)
      await chan().receive()
    })
    await started.receive()
  })
  expect(found).toMatchObject([{ proven: true, goroutine: { name: 'late' } }])
})

test('goroutines that were killed in vain: their clean-up waits for ever', async () => {
  const found = await checkLeaks(() => {
    const stubborn = go(function* () {
      try {
        yield* chan().receive()
      } finally {
        yield* chan<number>().send(1)
      }
    })
    go(() => stubborn.kill())
  })
  expect(found).toMatchObject([{ proven: true, goroutine: { state: 'chan send' } }])
})

describe('the function itself', () => {
  test.each([
    { name: 'async', fn: async () => void (await chan().receive()) },
    {
      name: 'generator',
      fn: function* () {
        yield* chan().receive()
      },
    },
    { name: 'async, waiting for a lost promise', fn: () => new Promise(() => {}) },
  ])('is a leak when it can never go on ($name)', async ({ fn }) => {
    expect(await checkLeaks(fn)).toMatchObject([{ proven: true }])
  })

  test('is reported with what it waits for', async () => {
    const found = await checkLeaks(async () => {
      const child = asyncStyle.go(neverEnds)
      await child.join()
    })
    expect(found).toMatchObject([
      { proven: true, goroutine: { state: 'join' } },
      { proven: true, goroutine: { state: 'chan receive' } },
    ])
  })
})
