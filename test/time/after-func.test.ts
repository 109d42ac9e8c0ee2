import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { afterFunc, never, sleep } from 'warren'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { watchTimers } from '../support/timers.ts'

inBubbles('afterFunc calls a function of any kind in a goroutine of its own', function* (t) {
  const called: string[] = []
  afterFunc(10, () => called.push('plain'))
  afterFunc(10, async () => {
    await sleep(5)
    called.push('async')
  })
  afterFunc(10, function* () {
    yield* sleep(6)
    called.push('generator')
  })
  yield* pass(t, 9)
  expect(called).toEqual([])
  yield* pass(t, 1)
  expect(called).toEqual(['plain'])
  yield* pass(t, 10)
  expect(called).toEqual(['plain', 'async', 'generator'])
})

test(
  'the function is not called from within whatever moves the clock',
  bubble(async (t) => {
    const timers = watchTimers()
    let calls = 0
    const timer = afterFunc(10, () => void calls++)
    const [entry] = timers.started
    timer.stop()
    // What the clock does when it is due.
    entry!.fire()
    expect(calls).toBe(0)
    await t.wait()
    expect(calls).toBe(1)
  }),
)

test(
  'its channel is the nil channel',
  bubble(async () => {
    const timer = afterFunc(10, () => {})
    expect(timer.c).toBe(never)
    timer.stop()
  }),
)

test(
  'stop says whether the function was prevented',
  bubble(async (t) => {
    let calls = 0
    const timer = afterFunc(10, () => void calls++)
    expect([timer.stop(), timer.stop()]).toEqual([true, false])
    await sleep(100)
    await t.wait()
    expect(calls).toBe(0)
    timer.reset(10)
    await sleep(10)
    await t.wait()
    expect(calls).toBe(1)
    expect(timer.stop()).toBe(false)
  }),
)

test(
  'reset lets it be called later, or again',
  bubble(async (t) => {
    const calls: number[] = []
    const start = t.now()
    const timer = afterFunc(10, () => void calls.push(t.now() - start))
    await sleep(5)
    await t.wait()
    expect(timer.reset(10)).toBe(true)
    await sleep(20)
    await t.wait()
    expect(calls).toEqual([15])
    expect(timer.reset(5)).toBe(false)
    await sleep(20)
    await t.wait()
    expect(calls).toEqual([15, 30])
  }),
)

test(
  'it keeps the program alive until it has fired',
  bubble(async (t) => {
    const timers = watchTimers()
    const timer = afterFunc(10, () => {})
    expect(timers.retained).toBe(1)
    timer.stop()
    expect(timers.retained).toBe(0)
    timer.reset(10)
    expect(timers.retained).toBe(1)
    await sleep(10)
    await t.wait()
    expect(timers.retained).toBe(0)
  }),
)

test(
  'using calls it off at the end of the scope',
  bubble(async (t) => {
    let calls = 0
    {
      using _ = afterFunc(10, () => void calls++)
    }
    await sleep(100)
    await t.wait()
    expect(calls).toBe(0)
  }),
)

test(
  'the function runs in the asynchronous context in which it was registered',
  bubble(async (t) => {
    const storage = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    storage.run('one', () => afterFunc(10, () => void seen.push(storage.getStore())))
    storage.run('two', () => afterFunc(10, () => void seen.push(storage.getStore())))
    afterFunc(10, () => void seen.push(storage.getStore()))
    await storage.run('clock', () => sleep(10))
    await t.wait()
    expect(seen).toEqual(['one', 'two', undefined])
  }),
)

test(
  'wrong arguments',
  bubble(async () => {
    const timers = watchTimers()
    expect(() => afterFunc('1' as never, () => {})).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    expect(() => afterFunc(Number.NaN, () => {})).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    expect(() => afterFunc(1, undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    expect(timers.pending).toBe(0)
  }),
)

test(
  'thousands of timers fire in the order of their times',
  bubble(async () => {
    const times = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1009)
    const fired: number[] = []
    for (const ms of times) afterFunc(ms, () => void fired.push(ms))
    await sleep(1100)
    expect(fired).toEqual([...times].sort((a, b) => a - b))
  }),
)
