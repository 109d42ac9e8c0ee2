// The patches of JavaScript's time: they are there while there are bubbles, and gone without a trace afterwards.
import nodeTimers from 'node:timers'
import nodePromises from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { chan, sleep } from 'warren'
import { bubble, explore } from 'warren/testing'

const targets: Record<string, [object, string[]]> = {
  globalThis: [
    globalThis,
    [
      ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
      ...['Date', 'queueMicrotask', 'performance', 'fetch'],
    ],
  ],
  Date: [Date, ['now', 'UTC', 'prototype']],
  'Date.prototype': [Date.prototype, ['constructor']],
  performance: [performance, ['now']],
  Math: [Math, ['random']],
  AbortSignal: [AbortSignal, ['timeout']],
  process: [process, ['hrtime']],
  'node:timers': [nodeTimers, ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval']],
  'node:timers/promises': [nodePromises, ['setTimeout', 'setInterval', 'setImmediate', 'scheduler']],
  'timers/promises.scheduler': [nodePromises.scheduler, ['wait', 'yield']],
}

function descriptors(): Record<string, PropertyDescriptor | undefined> {
  const found: Record<string, PropertyDescriptor | undefined> = {}
  for (const [name, [target, keys]] of Object.entries(targets)) {
    for (const key of keys) found[`${name}.${key}`] = Object.getOwnPropertyDescriptor(target, key)
    found[`${name} has`] = { value: Object.getOwnPropertyNames(target).sort().join() }
  }
  return found
}

function expectSame(before: ReturnType<typeof descriptors>): void {
  const now = descriptors()
  // By identity: functions that look the same are not.
  for (const [name, descriptor] of Object.entries(before)) {
    expect(now[name], name).toEqual(descriptor)
    expect(now[name]?.value, name).toBe(descriptor?.value)
  }
}

const original = descriptors()

afterEach(() => {
  vi.useRealTimers()
  expectSame(original)
})

test('they are gone after a bubble that succeeds, throws, or ends in a deadlock', async () => {
  await bubble(() => sleep(5))()
  expectSame(original)
  await expect(bubble(() => Promise.reject(new Error('boo')))()).rejects.toThrow('boo')
  expectSame(original)
  await expect(
    bubble(() => {
      throw new Error('boo')
    })(),
  ).rejects.toThrow('boo')
  expectSame(original)
  await expect(bubble(async () => void (await chan().receive()))()).rejects.toMatchObject({ code: 'ERR_DEADLOCK' })
  expectSame(original)
  await expect(explore({ schedules: 3 }, () => Promise.reject(new Error('boo')))()).rejects.toThrow()
  expectSame(original)
})

test('they are the same for all bubbles, and gone after the last of those that overlap', async () => {
  let patched: unknown
  const running = [0, 1, 2].map(() => bubble(() => new Promise<void>((resolve) => release.push(resolve)))())
  await new Promise((resolve) => setImmediate(resolve))
  patched = setTimeout
  expect(patched).not.toBe(original['globalThis.setTimeout']?.value)
  expect([setTimeout, nodeTimers.setTimeout]).toEqual([patched, patched])
  for (const i of [1, 0]) {
    release[i]!()
    await running[i]
    expect(setTimeout).toBe(patched)
  }
  release[2]!()
  await running[2]
  expectSame(original)
  await bubble(() => expect(setTimeout).toBe(patched))()
})

const release: (() => void)[] = []

test(
  'they look like what they stand for',
  bubble(() => {
    for (const [target, keys] of Object.values(targets)) {
      for (const key of keys) {
        const now = Object.getOwnPropertyDescriptor(target, key)
        const wanted = original[`globalThis.${key}`]
        if (target === globalThis && wanted !== undefined) expect(now?.enumerable, key).toBe(wanted.enumerable)
      }
    }
    expect(Date.length).toBe(7)
  }),
)

describe("somebody else's patches", () => {
  test('that were there before stay, and their time is that outside', async () => {
    vi.useFakeTimers({ now: 5000 })
    const fake = setTimeout
    let hasFired = false
    setTimeout(() => {
      hasFired = true
    }, 100)
    await bubble(async (t) => {
      expect(Date.now()).toBe(Date.UTC(2000, 0, 1))
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect(t.now()).toBe(1000)
    })()
    expect(setTimeout).toBe(fake)
    expect([Date.now(), hasFired]).toEqual([5000, false])
    vi.advanceTimersByTime(100)
    expect(hasFired).toBe(true)
    vi.useRealTimers()
  })

  test('that are made and taken back inside a bubble leave it as it was', async () => {
    await bubble(async (t) => {
      vi.useFakeTimers({ now: 5000 })
      expect(Date.now()).toBe(5000)
      vi.useRealTimers()
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect([t.now(), Date.now()]).toEqual([1000, Date.UTC(2000, 0, 1) + 1000])
    })()
    expectSame(original)
  })

  test('that outlive a bubble are not touched, and when they are taken back nothing is broken', async () => {
    await bubble(() => void vi.useFakeTimers({ now: 5000, toFake: ['setTimeout', 'clearTimeout', 'Date'] }))()
    expect(Date.now()).toBe(5000)
    vi.useRealTimers()
    // They have put back what was there when they came: our replacement, which now is just the original.
    const start = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(performance.now() - start).toBeGreaterThan(15)
    expect(new Date()).toBeInstanceOf(Date)
    expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000)
    // And the next bubble works with it.
    await bubble(async (t) => {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect([t.now(), new Date().toJSON()]).toEqual([1000, '2000-01-01T00:00:01.000Z'])
    })()
    for (const name of ['setTimeout', 'clearTimeout', 'Date']) {
      Object.defineProperty(globalThis, name, original[`globalThis.${name}`]!)
    }
  })
})
