// What a context does to everything that may wait, in one table: an ended one fails the call before anything happens, one
// that ends later ends the wait, and nothing is left behind.
import { describe, expect, test } from 'vitest'
import {
  background,
  Cond,
  type Context,
  ContextCanceledError,
  chan,
  DeadlineExceededError,
  Group,
  go,
  Mutex,
  never,
  Once,
  type Operation,
  RWMutex,
  Semaphore,
  SingleFlight,
  select,
  sending,
  sleep,
  todo,
  WaitGroup,
  wait,
  withCancel,
  withTimeout,
} from 'warren'
import { type Bubble, bubble } from 'warren/testing'
import { cancelSourceOf } from '../../src/runtime/cancel-source.ts'
import { expectNoWaiters } from '../support/kinds.ts'
import { expectNoWaits } from '../support/scopes.ts'
import { idle, inBothStyles, on, type Style, styles } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

type Cancel = Context | AbortSignal

interface Blocked {
  /** Waits, for ever. */
  start(ctx: Cancel): Operation<unknown>
  /** What must be empty again. */
  readonly channels?: readonly unknown[]
  /** Undoes what the preparation has done. */
  end?(): void
}

const operations: Record<string, () => Blocked | Promise<Blocked>> = {
  'chan receive': () => onChan((ch, ctx) => ch.receive(ctx)),
  'chan next': () => onChan((ch, ctx) => ch.next(ctx)),
  'chan receiveMany': () => onChan((ch, ctx) => ch.receiveMany(ctx)),
  'chan receiveMany with a maximum': () => onChan((ch, ctx) => ch.receiveMany(3, ctx)),
  'chan send': () => onChan((ch, ctx) => ch.send(1, ctx)),
  'chan sendMany of an array': () => onChan((ch, ctx) => ch.sendMany([1, 2], ctx)),
  'chan sendMany of a set': () => onChan((ch, ctx) => ch.sendMany(new Set([1, 2]), ctx)),
  'select to receive': () => onChan((ch, ctx) => select({ ch }, { ctx })),
  'select to send': () => onChan((ch, ctx) => select([sending(ch, 1), null], { ctx })),
  'select without cases': () => ({ start: (ctx) => select({}, { ctx }) }),
  'nil channel receive': () => ({ start: (ctx) => never.receive(ctx) }),
  'nil channel next': () => ({ start: (ctx) => never.next(ctx) }),
  'nil channel receiveMany': () => ({ start: (ctx) => never.receiveMany(ctx) }),
  'nil channel send': () => ({ start: (ctx) => never.send(1, ctx) }),
  'nil channel sendMany': () => ({ start: (ctx) => never.sendMany([1], ctx) }),
  'done of another context': () => {
    const other = withCancel(background())
    return { start: (ctx) => other.done.receive(ctx), channels: [other.done] }
  },
  sleep: () => ({ start: (ctx) => sleep(1000, ctx) }),
  'wait for a promise': () => ({ start: (ctx) => wait(new Promise(() => {}), ctx) }),
  join: () => {
    const goroutine = go(function* () {
      yield* never.receive()
    })
    return { start: (ctx) => goroutine.join(ctx), end: () => goroutine.kill() }
  },
  'Mutex.lock': async () => {
    const mu = new Mutex()
    await mu.lock()
    return { start: (ctx) => mu.lock(ctx) }
  },
  'RWMutex.lock': async () => {
    const mu = new RWMutex()
    await mu.rLock()
    return { start: (ctx) => mu.lock(ctx) }
  },
  'RWMutex.rLock': async () => {
    const mu = new RWMutex()
    await mu.lock()
    return { start: (ctx) => mu.rLock(ctx) }
  },
  'WaitGroup.wait': () => {
    const wg = new WaitGroup()
    wg.add(1)
    return { start: (ctx) => wg.wait(ctx) }
  },
  'Semaphore.acquire': async () => {
    const semaphore = new Semaphore(1)
    await semaphore.acquire()
    return { start: (ctx) => semaphore.acquire(ctx) }
  },
  'Once.do': () => {
    const once = new Once()
    const over = chan<never>()
    void once.do(async () => void (await over.receive()))
    return { start: (ctx) => once.do(() => {}, ctx), end: () => over.close() }
  },
  'SingleFlight.do': () => {
    const flights = new SingleFlight<string, void>()
    const over = chan<never>()
    void flights.do('key', async () => void (await over.receive()))
    return { start: (ctx) => flights.do('key', async () => {}, ctx), end: () => over.close() }
  },
  'Cond.wait': async () => {
    const mu = new Mutex()
    await mu.lock()
    const cond = new Cond(mu)
    return { start: (ctx) => cond.wait(ctx) }
  },
  'Group.go at its limit': async () => {
    const group = new Group(undefined, { limit: 1 })
    const over = chan<never>()
    await group.go(async () => void (await over.receive()))
    return { start: (ctx) => group.go(() => {}, ctx), end: () => over.close() }
  },
  'Group.wait': () => {
    const group = new Group()
    const over = chan<never>()
    void group.go(async () => void (await over.receive()))
    return { start: (ctx) => group.wait(ctx), end: () => over.close() }
  },
}

function onChan(start: (ch: ReturnType<typeof chan<number>>, ctx: Cancel) => Operation<unknown>): Blocked {
  const ch = chan<number>()
  return { start: (ctx) => start(ch, ctx), channels: [ch] }
}

interface Way {
  readonly name: string
  make(): { ctx: Cancel; end(): void | Promise<void>; check(error: unknown): void }
}

const ways: readonly Way[] = [
  {
    name: 'a context that is cancelled',
    make() {
      const ctx = withCancel(background())
      return {
        ctx,
        end: () => ctx.cancel('cause'),
        check(error) {
          expect(error).toBe(ctx.err)
          expect(error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'cause' })
        },
      }
    },
  },
  {
    name: 'a context below one that is cancelled',
    make() {
      const parent = withCancel(background())
      const ctx = withCancel(parent)
      return { ctx, end: () => parent.cancel(), check: (error) => expect(error).toBe(parent.err) }
    },
  },
  {
    name: 'a context whose deadline passes',
    make() {
      const ctx = withTimeout(background(), 500)
      return {
        ctx,
        end: () => sleep(500),
        check: (error) => expect(error).toBeInstanceOf(DeadlineExceededError),
      }
    },
  },
  {
    name: 'an AbortSignal',
    make() {
      const controller = new AbortController()
      const reason = new Error('the reason')
      return {
        ctx: controller.signal,
        end: () => controller.abort(reason),
        check(error) {
          expect(error).toBeInstanceOf(ContextCanceledError)
          expect((error as Error).cause).toBe(reason)
        },
      }
    },
  },
]

function expectNothingLeft(blocked: Blocked, ctx: Cancel): void {
  expectNoWaiters(...(blocked.channels ?? []))
  expect(cancelSourceOf(ctx)!.waiters.isEmpty, 'no wait is left on the context').toBe(true)
  if (!(ctx instanceof AbortSignal)) expectNoWaits(ctx)
}

for (const [name, prepare] of Object.entries(operations)) {
  describe(name, () => {
    for (const way of ways) {
      const overStyles = (title: string, body: (t: Bubble, style: Style) => Promise<void>): void => {
        for (const style of styles) {
          test(
            `${title} (${way.name}, ${style.name})`,
            bubble((t) => body(t, style)),
          )
        }
      }

      overStyles('fails at once when it has ended', async (t, style) => {
        const timers = watchTimers()
        const { ctx, end, check } = way.make()
        await end()
        const blocked = await prepare()
        const { pending } = timers
        const outcome = waiting(style, () => blocked.start(ctx))
        await t.wait()
        check(outcome.error)
        expectNothingLeft(blocked, ctx)
        expect(timers.pending).toBe(pending)
        blocked.end?.()
      })

      overStyles('ends with it while it waits', async (t, style) => {
        const timers = watchTimers()
        const { ctx, end, check } = way.make()
        const blocked = await prepare()
        const outcome = waiting(style, () => blocked.start(ctx))
        await t.wait()
        expect(outcome.state).toBe('pending')
        await end()
        expectNothingLeft(blocked, ctx)
        await t.wait()
        check(outcome.error)
        expect(timers.pending).toBe(0)
        blocked.end?.()
      })
    }

    test('is killed while it waits under one: nothing is left on it', async () => {
      const ctx = withCancel(background())
      const blocked = await prepare()
      const goroutine = go(function* () {
        yield* blocked.start(ctx)
      })
      await idle()
      expect(cancelSourceOf(ctx)!.waiters.isEmpty).toBe(false)
      goroutine.kill()
      await expect(goroutine.join()).rejects.toMatchObject({ code: 'ERR_KILLED' })
      expectNothingLeft(blocked, ctx)
      blocked.end?.()
    })

    test('waits under contexts that never end, which hold nothing', async () => {
      for (const ctx of [background(), todo()]) {
        expect(cancelSourceOf(ctx)).toBeNull()
        const blocked = await prepare()
        const outcome = waiting(styles[0]!, () => blocked.start(ctx))
        await idle()
        expect(outcome.state).toBe('pending')
        blocked.end?.()
      }
    })
  })
}

inBothStyles('a wake that comes before the cancel wins', function* (style) {
  const ctx = withCancel(background())
  const ch = chan<number>()
  const receive = waiting(style, () => ch.receive(ctx))
  yield* on(idle())
  ch.trySend(7)
  ctx.cancel()
  yield* on(idle())
  expect(receive.value).toBe(7)
})

inBothStyles('a cancel that comes before the wake wins, and the value is not lost', function* (style) {
  const ctx = withCancel(background())
  const ch = chan<number>()
  const receive = waiting(style, () => ch.receive(ctx))
  yield* on(idle())
  ctx.cancel()
  expect(ch.trySend(7)).toBe(false)
  yield* on(idle())
  expect(receive.error).toBe(ctx.err)
})

inBothStyles('an operation that could go on at once does not, under an ended context', function* () {
  const ctx = withCancel(background())
  ctx.cancel()
  const ch = chan<number>(2)
  yield* on(ch.send(1))
  const attempts = [() => ch.receive(ctx), () => ch.send(2, ctx), () => select({ ch }, { ctx }), () => sleep(0, ctx)]
  for (const attempt of attempts) {
    let error: unknown
    try {
      yield* on<unknown>(attempt())
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBe(ctx.err)
  }
  expect(ch.length).toBe(1)
})
