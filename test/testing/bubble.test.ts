import { expect, test } from 'vitest'
import { after, background, chan, DeadlockError, go, gosched, numGoroutine, select, sleep, withTimeout } from 'warren'
import { bubble } from 'warren/testing'

test(
  'time moves only when all are blocked',
  bubble(async (t) => {
    const start = Date.now()
    await sleep(3_600_000)
    expect(t.now()).toBe(3_600_000)
    expect(Date.now() - start).toBe(3_600_000)
    expect(performance.now()).toBe(3_600_000)
    await new Promise((r) => setTimeout(r, 9))
    expect(t.now()).toBe(3_600_009)
  }),
)

test(
  'generators',
  bubble(function* (t) {
    yield* sleep(10)
    const ch = chan<number>()
    const g = go(function* () {
      yield* sleep(5)
      yield* ch.send(1)
    })
    expect(yield* ch.receive()).toBe(1)
    expect(t.now()).toBe(15)
    yield* g.join()
  }),
)

test('deadlock', async () => {
  const error = await bubble(async () => {
    await chan().receive()
  })().catch((e) => e)
  console.log(error.message)
  expect(error).toBeInstanceOf(DeadlockError)
})
test('left', async () => {
  const error = await bubble(async () => {
    go(async function left() {
      await chan().receive()
    })
  })().catch((e) => e)
  console.log(error.message)
  expect(error).toBeInstanceOf(DeadlockError)
})
test(
  'wait',
  bubble(async (t) => {
    let n = 0
    go(async () => {
      for (let i = 0; i < 10; i++) {
        await gosched()
        n++
      }
    })
    await t.wait()
    expect(n).toBe(10)
    expect(numGoroutine()).toBe(1)
  }),
)
test('panic', async () => {
  await expect(
    bubble(async () => {
      go(async () => {
        throw new Error('boo')
      })
      await sleep(5)
    })(),
  ).rejects.toThrow('boo')
})
test(
  'foreign',
  bubble(async (t) => {
    const { readFile } = await import('node:fs/promises')
    const text = await readFile('package.json', 'utf8')
    expect(text.length).toBeGreaterThan(10)
    expect(t.now()).toBe(0)
    const { setTimeout: st } = await import('node:timers/promises')
    await st(1000)
    expect(t.now()).toBe(1000)
    let n = 0
    const i = setInterval(() => {
      if (++n === 3) clearInterval(i)
    }, 100)
    await sleep(1000)
    expect(n).toBe(3)
    const signal = AbortSignal.timeout(50)
    using ctx = withTimeout(background(), 100)
    const picked = await select({ done: ctx.done, t: after(200) })
    expect(picked.case).toBe('done')
    expect(signal.aborted).toBe(true)
    await new Promise((r) => setImmediate(r))
  }),
)
test('concurrent', async () => {
  const one = bubble(async (t) => {
    for (let i = 0; i < 100; i++) {
      await sleep(10)
      expect(t.now()).toBe(10 * (i + 1))
      await Promise.resolve()
    }
  })
  const two = bubble(async (t) => {
    for (let i = 0; i < 100; i++) {
      await sleep(7)
      expect(t.now()).toBe(7 * (i + 1))
      expect(performance.now()).toBe(t.now())
    }
  })
  const real = Date.now()
  await Promise.all([one(), two(), one(), two()])
  expect(Date.now() - real).toBeLessThan(5000)
  expect(setTimeout).not.toHaveProperty('patched')
})
