import { describe, expect, expectTypeOf, test } from 'vitest'
import * as root from 'warren'
import {
  Cond,
  type Context,
  type Flight,
  Group,
  type Guard,
  type Locker,
  Mutex,
  type Once,
  type Operation,
  onceFunc,
  onceValue,
  Pool,
  RWMutex,
  Semaphore,
  SingleFlight,
  type WaitGroup,
} from 'warren'
import * as sync from 'warren/sync'

type Ctx = Context | AbortSignal

test('the root has all that warren/sync has, and the same', () => {
  for (const [name, value] of Object.entries(sync)) expect(root).toHaveProperty(name, value)
  expect(Object.keys(sync).sort()).toEqual(
    [
      'Cond',
      'Group',
      'Mutex',
      'Once',
      'Pool',
      'RWMutex',
      'Semaphore',
      'SingleFlight',
      'WaitGroup',
      'onceFunc',
      'onceValue',
    ].sort(),
  )
})

describe('types', () => {
  test('of locks', () => {
    expectTypeOf<Mutex>().toExtend<Locker>()
    expectTypeOf<RWMutex>().toExtend<Locker>()
    expectTypeOf<Guard>().toExtend<Disposable>()
    expectTypeOf<Mutex['lock']>().toExtend<(ctx?: Ctx) => Operation<Guard>>()
    expectTypeOf<Mutex['tryLock']>().toEqualTypeOf<() => boolean>()
    expectTypeOf<RWMutex['rLock']>().toExtend<(ctx?: Ctx) => Operation<Guard>>()
    expectTypeOf<RWMutex['rLocker']>().returns.toEqualTypeOf<Locker>()
    expectTypeOf<Semaphore['acquire']>().toBeCallableWith()
    expectTypeOf<Semaphore['acquire']>().toBeCallableWith(2)
    expectTypeOf<Semaphore['acquire']>().toBeCallableWith(2, root.background())
    const sem = new Semaphore(1)
    const ctx: Ctx = root.background()
    expectTypeOf(sem.acquire(ctx)).toEqualTypeOf<Operation<Guard>>()
    // @ts-expect-error a context and then a number
    void sem.acquire(ctx, 1)
    // @ts-expect-error a semaphore has a size
    expect(() => new Semaphore()).toThrow()
  })

  test('of conditions and groups of goroutines', () => {
    expectTypeOf(Cond).toBeConstructibleWith(new Mutex())
    expectTypeOf(Cond).toBeConstructibleWith(new RWMutex().rLocker())
    // @ts-expect-error a condition has a lock
    expect(() => new Cond()).toThrow()
    expectTypeOf<Cond['wait']>().returns.toEqualTypeOf<Operation<void>>()
    expectTypeOf<WaitGroup['wait']>().toExtend<(ctx?: Ctx) => Operation<void>>()
    expectTypeOf(Group).toBeConstructibleWith()
    expectTypeOf(Group).toBeConstructibleWith(root.background(), { limit: 2 })
    expectTypeOf(Group).toBeConstructibleWith(new AbortController().signal)
    expectTypeOf<Group>().toExtend<AsyncDisposable>()
    expectTypeOf<Group['ctx']>().toEqualTypeOf<Context>()
    expectTypeOf<Group['tryGo']>().returns.toEqualTypeOf<boolean>()
    const group = new Group()
    expectTypeOf(group.go(async (ctx) => expectTypeOf(ctx).toEqualTypeOf<Context>())).toEqualTypeOf<Operation<void>>()
    // @ts-expect-error the context of a group cannot be cancelled by whoever is given it
    expect(() => group.ctx.cancel).not.toThrow()
  })

  test('of what runs once', () => {
    expectTypeOf<Once['do']>().returns.toEqualTypeOf<Operation<void>>()
    expectTypeOf(onceFunc(async () => {})).toEqualTypeOf<(ctx?: Parameters<Mutex['lock']>[0]) => Operation<void>>()
    expectTypeOf(onceValue(() => 1)()).toEqualTypeOf<Operation<number>>()
    expectTypeOf(onceValue(async () => 'text')()).toEqualTypeOf<Operation<string>>()
    expectTypeOf(
      onceValue(function* () {
        yield* root.gosched()
        return true as const
      })(),
    ).toEqualTypeOf<Operation<true>>()
  })

  test('of SingleFlight and Pool', () => {
    const flights = new SingleFlight<string, number>()
    expectTypeOf(flights.do('key', async () => 1)).toEqualTypeOf<Operation<Flight<number>>>()
    expectTypeOf<Flight<number>>().toEqualTypeOf<{ readonly value: number; readonly shared: boolean }>()
    // @ts-expect-error the key is a string
    void flights.do(1, () => 1)
    const pool = new Pool(() => new Uint8Array(1))
    expectTypeOf(pool.get()).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
    // @ts-expect-error what is put must fit
    pool.put('text')
  })
})
