// JavaScript's own timers inside a bubble.
import { EventEmitter, once } from 'node:events'
import timersModule, { setTimeout as importedSetTimeout } from 'node:timers'
import {
  scheduler as promiseScheduler,
  setImmediate as promiseSetImmediate,
  setInterval as promiseSetInterval,
  setTimeout as promiseSetTimeout,
} from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, chan, fromSignal, go, select, sleep } from 'warren'
import { bubble } from 'warren/testing'

describe('setTimeout', () => {
  test(
    'calls back with its arguments, on the timer, when its time has come',
    bubble(async (t) => {
      const seen: unknown[] = []
      const timer = setTimeout(
        function (this: unknown, ...args: unknown[]) {
          seen.push(t.now(), this === timer, ...args)
        },
        50,
        'a',
        'b',
      )
      await sleep(49)
      expect(seen).toEqual([])
      await sleep(1)
      await t.wait()
      expect(seen).toEqual([50, true, 'a', 'b'])
    }),
  )

  test.each([
    [undefined, 1],
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [2 ** 31, 1],
    ['20', 20],
    [1.9, 1],
    [7.9, 7],
  ])('takes a delay of %s for %i', (delay, expected) =>
    bubble(async (t) => {
      await new Promise((resolve) => setTimeout(resolve, delay as number))
      expect(t.now()).toBe(expected)
    })(),
  )

  test(
    'keeps the order of calls among equal times, and that of times else; microtasks come between',
    bubble(async () => {
      const order: string[] = []
      const later = (name: string, ms: number) =>
        setTimeout(() => {
          order.push(name)
          void Promise.resolve().then(() => order.push(`${name}'`))
          process.nextTick(() => order.push(`${name}"`))
        }, ms)
      later('c', 20)
      later('a', 10)
      later('b', 10)
      setTimeout(() => later('d', 10), 10)
      await sleep(30)
      expect(order.join(' ')).toBe(`a a" a' b b" b' c c" c' d d" d'`)
    }),
  )

  test(
    'refuses what is no function, as ever',
    bubble(() => {
      expect(() => setTimeout('code' as never, 1)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }),
  )

  test(
    'has a timer with the methods of a real one',
    bubble(async (t) => {
      const timer = setTimeout(() => expect.unreachable(), 10)
      expect([timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef()]).toEqual([true, false, true])
      timer.close()
      const fired: number[] = []
      const refreshed = setTimeout(() => fired.push(t.now()), 10)
      await sleep(5)
      refreshed.refresh()
      await sleep(20)
      refreshed.refresh()
      await sleep(20)
      expect(fired).toEqual([15, 35])
      {
        using _ = setTimeout(() => expect.unreachable(), 10)
        using _i = setInterval(() => expect.unreachable(), 10)
        using _m = setImmediate(() => expect.unreachable())
      }
      await sleep(100)
    }),
  )
})

describe('clearTimeout', () => {
  test(
    'takes the timer, its number or that as a string; also of one that is due and has not run',
    bubble(async (t) => {
      const never = () => expect.unreachable()
      clearTimeout(setTimeout(never, 10))
      clearTimeout(+setTimeout(never, 10))
      clearTimeout(`${setTimeout(never, 10)}`)
      clearInterval(setTimeout(never, 10))
      const timers: NodeJS.Timeout[] = []
      setTimeout(() => timers.forEach((timer) => void clearTimeout(timer)), 10)
      for (let i = 0; i < 3; i++) timers.push(setTimeout(never, 10))
      await sleep(100)
      await t.wait()
    }),
  )

  test(
    'does nothing with nothing, with numbers of nobody, and after the timer has fired',
    bubble(async () => {
      const timer = setTimeout(() => {}, 1)
      const number = +timer
      await sleep(5)
      for (const it of [undefined, null, timer, number, 'x', 12]) clearTimeout(it as never)
    }),
  )

  test('by a number cannot hit a timer of a bubble from outside, nor one outside from a bubble', async () => {
    let hasFired = false
    const real = setTimeout(() => {}, 60_000)
    await bubble(async () => {
      const number = +setTimeout(() => {
        hasFired = true
      }, 10)
      expect(number).toBeGreaterThan(+real)
      await sleep(20)
    })()
    expect(hasFired).toBe(true)
    expect(real.hasRef()).toBe(true)
    clearTimeout(real)
  })
})

test(
  'setInterval comes again and again, until it is cleared from inside or outside, or closed by its number',
  bubble(async (t) => {
    const seen: string[] = []
    const one = setInterval(() => seen.push(`one ${t.now()}`), 10)
    const two = setInterval(() => {
      seen.push(`two ${t.now()}`)
      if (t.now() === 30) clearInterval(+two)
    }, 15)
    await sleep(31)
    clearInterval(one)
    await sleep(100)
    expect(seen).toEqual(['one 10', 'two 15', 'one 20', 'two 30', 'one 30'])
  }),
)

test(
  'setImmediate comes without time passing, after microtasks and ticks, before any timer; it can be cleared',
  bubble(async (t) => {
    const order: unknown[] = []
    setTimeout(() => order.push('timeout'), 0)
    setImmediate((...args: unknown[]) => order.push(...args, t.now()), 'immediate')
    clearImmediate(setImmediate(() => expect.unreachable()))
    process.nextTick(() => order.push('tick'))
    queueMicrotask(() => order.push('microtask'))
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(order.sort()).toEqual(['immediate', 'microtask', 'tick', 'timeout', 0].sort())
    expect(order.indexOf('immediate')).toBeLessThan(order.indexOf('timeout'))
  }),
)

describe('timers/promises', () => {
  test(
    'waits in the time of the bubble, however it was imported',
    bubble(async (t) => {
      expect(await promiseSetTimeout(10, 'value')).toBe('value')
      expect(await promisify(setTimeout)(10, 'value')).toBe('value')
      expect(promisify(setTimeout)).toBe(promiseSetTimeout)
      expect(await promiseSetImmediate('value')).toBe('value')
      expect(await promisify(setImmediate)('value')).toBe('value')
      await promiseScheduler.wait(10)
      await promiseScheduler.yield()
      await new Promise((resolve) => importedSetTimeout(resolve, 10))
      await new Promise((resolve) => timersModule.setTimeout(resolve, 10))
      await timersModule.promises.setTimeout(10)
      expect(t.now()).toBe(60)
      expect(importedSetTimeout).toBe(setTimeout)
    }),
  )

  test(
    'has an interval to iterate over, which skips nothing',
    bubble(async (t) => {
      const seen: unknown[] = []
      for await (const value of promiseSetInterval(10, 'tick')) {
        seen.push(value, t.now())
        if (t.now() === 10) await sleep(25)
        if (seen.length === 8) break
      }
      expect(seen).toEqual(['tick', 10, 'tick', 35, 'tick', 35, 'tick', 40])
    }),
  )

  test(
    'ends with a signal',
    bubble(async (t) => {
      const controller = new AbortController()
      const { signal } = controller
      const aborted = { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' }
      const waits = [
        promiseSetTimeout(100, 'value', { signal }),
        promiseScheduler.wait(100, { signal }),
        (async () => {
          for await (const _ of promiseSetInterval(100, 'value', { signal })) expect.unreachable()
        })(),
      ]
      setTimeout(() => controller.abort('why'), 10)
      for (const { reason } of (await Promise.allSettled(waits)) as PromiseRejectedResult[]) {
        expect(reason).toMatchObject(aborted)
      }
      await expect(promiseSetImmediate('value', { signal })).rejects.toMatchObject(aborted)
      expect(t.now()).toBe(10)
    }),
  )
})

describe('AbortSignal.timeout', () => {
  test(
    'aborts with a TimeoutError when its time has come',
    bubble(async (t) => {
      const signal = AbortSignal.timeout(50)
      await sleep(49)
      expect(signal.aborted).toBe(false)
      await once(signal as never, 'abort')
      expect(t.now()).toBe(50)
      expect(signal.reason).toBeInstanceOf(DOMException)
      expect(signal.reason).toMatchObject({ name: 'TimeoutError', code: 23 })
      expect(() => signal.throwIfAborted()).toThrow('aborted due to timeout')
      expect(() => AbortSignal.timeout(-1)).toThrow(RangeError)
    }),
  )

  test(
    'ends waits of warren and of others',
    bubble(async (t) => {
      await expect(chan().receive(AbortSignal.timeout(10))).rejects.toBeInstanceOf(ContextCanceledError)
      using ctx = fromSignal(AbortSignal.any([AbortSignal.timeout(10), AbortSignal.timeout(20)]))
      expect((await select({ done: ctx.done })).case).toBe('done')
      const emitter = new EventEmitter()
      await expect(once(emitter, 'x', { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
        name: 'AbortError',
      })
      await expect(promiseSetTimeout(50, 0, { signal: AbortSignal.timeout(10) })).rejects.toThrow()
      expect(t.now()).toBe(40)
      expect(background().err).toBeUndefined()
    }),
  )
})

describe('what libraries do', () => {
  function debounce(fn: () => void, ms: number): () => void {
    let timer: NodeJS.Timeout | undefined
    return () => {
      clearTimeout(timer)
      timer = setTimeout(fn, ms)
    }
  }

  test(
    'a debounced function is called once, when it has been quiet',
    bubble(async (t) => {
      const calls: number[] = []
      const call = debounce(() => calls.push(t.now()), 100)
      for (let i = 0; i < 5; i++) {
        call()
        await sleep(60)
      }
      await sleep(1000)
      expect(calls).toEqual([340])
    }),
  )

  test(
    'a retry with a growing delay and a limit of concurrent calls take as long as they should',
    bubble(async (t) => {
      async function retry<T>(fn: () => Promise<T>): Promise<T> {
        for (let attempt = 0; ; attempt++) {
          try {
            return await fn()
          } catch (error) {
            if (attempt === 5) throw error
            await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt))
          }
        }
      }
      let calls = 0
      await retry(async () => {
        if (++calls < 4) throw new Error('not yet')
      })
      expect(t.now()).toBe(7000)

      const queue = [...Array(10).keys()]
      const done: number[] = []
      const worker = async () => {
        for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
          await new Promise((resolve) => setTimeout(resolve, 100))
          done.push(job)
        }
      }
      await Promise.all([worker(), worker(), go(worker).join()])
      expect(done).toHaveLength(10)
      expect(t.now()).toBe(7400)
    }),
  )
})
