import { afterEach, describe, expect, test } from 'vitest'
import {
  background,
  type Context,
  ContextCanceledError,
  chan,
  type Goroutine,
  go,
  gosched,
  never,
  numGoroutine,
  run,
  sleep,
  wait,
  withCancel,
  withTimeout,
  withValue,
} from 'warren'
import { cause, contextKey } from 'warren/context'
import { bubble } from 'warren/testing'
import { mainState } from '../../src/runtime/program-end.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { Canary } from '../support/gc.ts'
import { idle, Outcome } from '../support/styles.ts'

afterEach(() => {
  expect([mainState.record, scheduler.live], 'no main is left').toEqual([null, null])
})

const signals = ['SIGINT', 'SIGTERM'] as const
const listeners = (): number[] => signals.map((signal) => process.listenerCount(signal))

describe('the main goroutine', () => {
  test('may be of any kind, and run returns what it returns', async () => {
    expect(await run(() => 1)).toBe(1)
    expect(await run(async () => 2)).toBe(2)
    expect(
      await run(function* () {
        yield* gosched()
        return 3
      }),
    ).toBe(3)
    expect(await run(() => undefined)).toBeUndefined()
  })

  test('gets a context that ends with it', async () => {
    let kept: Context | undefined
    await run((ctx) => {
      kept = ctx
      expect(ctx.err).toBeUndefined()
    })
    expect(kept?.err).toBeInstanceOf(ContextCanceledError)
    expect(kept?.err).not.toHaveProperty('cause')
  })

  test('that fails rejects run, and is no panic', async () => {
    const error = new Error('main failed')
    let kept: Context | undefined
    for (const main of [
      (ctx: Context) => {
        kept = ctx
        throw error
      },
      async () => {
        throw error
      },
      function* () {
        yield* gosched()
        throw error
      },
    ]) {
      await expect(run(main as () => void)).rejects.toBe(error)
    }
    expect(kept?.err).toBeDefined()
    await idle()
  })

  test('is goroutine 1, and counts as one', async () => {
    await run(async () => {
      expect(mainState.record).toMatchObject({ id: 1, kind: 'main' })
      expect([...scheduler.table].map(({ id }) => id)).toContain(1)
      expect(numGoroutine()).toBe(scheduler.table.size)
      const child = go(function* () {})
      await child.join()
    })
    await run(function* named() {
      expect(mainState.record).toMatchObject({ id: 1, kind: 'main', name: 'named' })
      const child = go(function* () {
        yield* never.receive()
      })
      yield* gosched()
      expect([...scheduler.table].find(({ id }) => id === child.id)?.parentId).toBe(1)
    })
  })

  test('is one at a time', async () => {
    const release = chan<void>()
    const first = run(() => release.receive())
    await expect(run(() => 1)).rejects.toMatchObject({ code: 'ERR_INVALID_OPERATION' })
    release.close()
    await first
    expect(await run(() => 2)).toBe(2)
    await expect(run(async () => run(() => 3))).rejects.toMatchObject({ code: 'ERR_INVALID_OPERATION' })
  })

  test('must be a function', async () => {
    for (const main of [undefined, null, 1, {}]) {
      await expect(run(main as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    }
    await expect(run(() => {}, { ctx: 'ctx' as never })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(listeners()).toEqual(listeners())
  })
})

describe('the options of run', () => {
  test('ctx: the context that main gets is derived from it', async () => {
    const key = contextKey<string>('key')
    const parent = withCancel(withValue(background(), key, 'value'))
    const outcome = await run(
      async (ctx) => {
        expect(ctx.value(key)).toBe('value')
        parent.cancel('parent')
        return cause(ctx)
      },
      { ctx: parent },
    )
    expect(outcome).toBe('parent')
    const stillOpen = withTimeout(background(), 1e6)
    await run((ctx) => expect(ctx.deadline).toEqual(stillOpen.deadline), { ctx: stillOpen })
    expect(stillOpen.err).toBeUndefined()
    stillOpen.cancel()
  })

  test('ctx: an AbortSignal cancels it', async () => {
    const controller = new AbortController()
    const running = run((ctx) => never.receive(ctx), { ctx: controller.signal })
    await idle()
    controller.abort('enough')
    await expect(running).rejects.toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'enough' })
  })

  test('signals: listened to while main runs, unless told not to', async () => {
    const before = listeners()
    await run(() => expect(listeners()).toEqual(before.map((count) => count + 1)))
    expect(listeners()).toEqual(before)
    await run(() => expect(listeners()).toEqual(before), { signals: false })
    await run(() => Promise.reject(new Error('any'))).catch(() => {})
    expect(listeners()).toEqual(before)
  })
})

describe('when main has ended', () => {
  const log: string[] = []
  afterEach(() => void log.splice(0))

  function* blocked(name: string, ctx?: Context) {
    try {
      log.push(`${name} starts`)
      yield* chan().receive(ctx)
      log.push(`${name} goes on`)
    } finally {
      log.push(`${name} ends`)
    }
  }

  test(
    'generator goroutines that are left are killed, whoever can still reach them',
    bubble(async (t) => {
      let handle: Goroutine<void> | undefined
      await run(async () => {
        go(blocked, 'forgotten')
        handle = go(blocked, 'held')
        go(function* () {
          yield* go(blocked, 'nested').join()
        })
        await t.wait()
      })
      expect(log).toEqual([
        'forgotten starts',
        'held starts',
        'nested starts',
        'forgotten ends',
        'held ends',
        'nested ends',
      ])
      await expect(handle!.join()).rejects.toMatchObject({ code: 'ERR_KILLED', cause: expect.stringContaining('main') })
    }),
  )

  test('goroutines are killed whether main returns or fails, in whatever style it is', async () => {
    await run(function* () {
      go(blocked, 'of a generator')
      yield* gosched()
    })
    await run(async () => {
      go(blocked, 'of a failure')
      await gosched()
      throw new Error('any')
    }).catch(() => {})
    expect(log.filter((line) => line.endsWith('ends'))).toEqual(['of a generator ends', 'of a failure ends'])
  })

  test('goroutines that have not started never start', async () => {
    await run(function* () {
      for (let i = 0; i < 1000; i++) go(blocked, 'late')
    })
    // Those that ran before run had a turn are killed too.
    expect(log.filter((line) => line.endsWith('ends')).length).toBe(log.length / 2)
    expect(log.length / 2).toBeLessThan(1000)
  })

  test(
    'goroutines that the context wakes get to see its end, up to their next operation',
    bubble(async (t) => {
      await run(async (ctx) => {
        go(function* () {
          yield* ctx.done.receive()
          log.push('saw the end')
          yield* sleep(1)
          log.push('never')
        })
        go(function* () {
          try {
            yield* never.receive(ctx)
          } catch (error) {
            log.push((error as Error).message)
          }
        })
        await t.wait()
      })
      expect(log.sort()).toEqual(['context canceled', 'saw the end'])
    }),
  )

  test(
    'run settles when the finally blocks are through, those that wait too',
    bubble(async () => {
      await run(async () => {
        go(function* () {
          try {
            yield* never.receive()
          } finally {
            yield* sleep(20)
            log.push('cleaned up')
          }
        })
        await gosched()
      })
      expect(log).toEqual(['cleaned up'])
    }),
  )

  test(
    'goroutines that the clean-up starts may run, and are killed in their turn',
    bubble(async () => {
      await run(async () => {
        go(function* () {
          try {
            yield* never.receive()
          } finally {
            const helper = go(function* () {
              yield* sleep(5)
              log.push('helper')
            })
            go(blocked, 'straggler')
            yield* helper.join()
          }
        })
        await gosched()
      })
      expect(log).toEqual(['straggler starts', 'helper', 'straggler ends'])
    }),
  )

  test('goroutines that others started meanwhile are killed too', async () => {
    const release = chan<void>()
    const running = run(() => release.receive())
    const outside = go(blocked, 'outside')
    await idle()
    release.close()
    await running
    expect(log).toEqual(['outside starts', 'outside ends'])
    await expect(outside.join()).rejects.toMatchObject({ code: 'ERR_KILLED' })
  })

  test(
    'but not the goroutine that waits for run',
    bubble(async () => {
      const caller = go(function* () {
        const result = yield* wait(run(() => 7))
        yield* sleep(1)
        return result
      })
      expect(await caller.join()).toBe(7)
    }),
  )

  test('async goroutines that are blocked are left as they are', async () => {
    let left: Outcome<unknown> | undefined
    await run(async () => {
      left = new Outcome(go(async () => never.receive()).join())
      await idle()
    })
    await idle()
    expect(left?.state).toBe('pending')
  })
})

describe('a running main', () => {
  test('does not keep goroutines from being garbage', async () => {
    const canary = new Canary()
    await run(async () => {
      for (let i = 0; i < 50; i++) {
        go(function* (held: object) {
          yield* chan().receive()
          return held
        }, canary.hatch())
      }
      expect(await canary.collected(50)).toBe(50)
    })
  })

  test('remembers only goroutines that are alive', async () => {
    await run(async () => {
      const live = scheduler.live!
      const pings = chan<number>()
      for (let round = 0; round < 20; round++) {
        const some = Array.from({ length: 1000 }, () =>
          go(function* () {
            yield* pings.receive()
          }),
        )
        for (let i = 0; i < 1000; i++) await pings.send(i)
        for (const each of some) await each.join()
        await idle()
      }
      expect(live.size).toBeLessThan(2000)
      expect(live.all()).toEqual([])
    })
  })
})
