import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { afterFunc, never, sleep, wait } from 'warren'
import { useManualClock } from '../support/manual-clock.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'

const clock = useManualClock()

inBothStyles('afterFunc calls a function of any kind in a goroutine of its own', function* () {
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
  yield* on(wait(clock().advance(9)))
  expect(called).toEqual([])
  yield* on(wait(clock().advance(1)))
  expect(called).toEqual(['plain'])
  yield* on(wait(clock().advance(10)))
  expect(called).toEqual(['plain', 'async', 'generator'])
})

test('the function is not called from within whatever moves the clock', () => {
  let isCalled = false
  afterFunc(0, () => {
    isCalled = true
  })
  clock().fireDue()
  expect(isCalled).toBe(false)
})

test('its channel is the nil channel', () => {
  const timer = afterFunc(10, () => {})
  expect(timer.c).toBe(never)
  timer.stop()
})

test('stop says whether the function was prevented', async () => {
  let calls = 0
  const timer = afterFunc(10, () => void calls++)
  expect([timer.stop(), timer.stop()]).toEqual([true, false])
  await clock().advance(100)
  expect(calls).toBe(0)
  timer.reset(10)
  await clock().advance(10)
  expect(calls).toBe(1)
  expect(timer.stop()).toBe(false)
})

test('reset lets it be called later, or again', async () => {
  const calls: number[] = []
  const start = clock().now()
  const timer = afterFunc(10, () => void calls.push(clock().now() - start))
  await clock().advance(5)
  expect(timer.reset(10)).toBe(true)
  await clock().advance(20)
  expect(calls).toEqual([15])
  expect(timer.reset(5)).toBe(false)
  await clock().advance(20)
  expect(calls).toEqual([15, 30])
})

test('it keeps the program alive until it has fired', async () => {
  const timer = afterFunc(10, () => {})
  expect(clock().retained).toBe(1)
  timer.stop()
  expect(clock().retained).toBe(0)
  timer.reset(10)
  expect(clock().retained).toBe(1)
  await clock().advance(10)
  expect(clock().retained).toBe(0)
})

test('using calls it off at the end of the scope', async () => {
  let calls = 0
  {
    using _ = afterFunc(10, () => void calls++)
  }
  await clock().advance(100)
  expect(calls).toBe(0)
})

test('the function runs in the asynchronous context in which it was registered', async () => {
  const storage = new AsyncLocalStorage<string>()
  const seen: (string | undefined)[] = []
  storage.run('one', () => afterFunc(10, () => void seen.push(storage.getStore())))
  storage.run('two', () => afterFunc(10, () => void seen.push(storage.getStore())))
  afterFunc(10, () => void seen.push(storage.getStore()))
  await storage.run('clock', () => clock().advance(10))
  expect(seen).toEqual(['one', 'two', undefined])
})

test('wrong arguments', () => {
  expect(() => afterFunc('1' as never, () => {})).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  expect(() => afterFunc(Number.NaN, () => {})).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
  expect(() => afterFunc(1, undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  expect(clock().pending).toBe(0)
})

test('thousands of timers fire in the order of their times', async () => {
  const times = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 1009)
  const fired: number[] = []
  for (const ms of times) afterFunc(ms, () => void fired.push(ms))
  clock().skip(1100)
  clock().fireDue()
  while (fired.length < times.length) await idle()
  expect(fired).toEqual([...times].sort((a, b) => a - b))
})
