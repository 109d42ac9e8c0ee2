import { describe, expect, test, vi } from 'vitest'
import { gosched, Pool, WaitGroup } from 'warren'
import { Canary, collectGarbage } from '../../support/gc.ts'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

/** Collects garbage once, and waits until the pool knows. */
async function afterCollection(pool: Pool<string>): Promise<void> {
  const age = vi.spyOn(pool, 'age')
  // A turn of the event loop first: what ran last is on the stack until then.
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  for (let i = 0; i < 1000 && age.mock.calls.length === 0; i++) await new Promise((resolve) => setImmediate(resolve))
  expect(age).toHaveBeenCalledOnce()
  age.mockRestore()
}

describe('Pool', () => {
  // Go: sync/pool_test.go, TestPool
  test('gives back what was put, then makes new ones; what is left goes with the second garbage collection', async () => {
    const p = new Pool<string>(() => 'new')
    expect(p.get()).toBe('new')
    p.put('a')
    p.put('b')
    expect(p.get()).toBe('a')
    expect(p.get()).toBe('b')
    expect(p.get()).toBe('new')

    for (let i = 0; i < 100; i++) p.put('c')
    await afterCollection(p)
    expect(p.get(), 'after one collection').toBe('c')
    await afterCollection(p)
    expect(p.get(), 'after two').toBe('new')
  })

  // Go: sync/pool_test.go, TestPoolNew
  test('makes what it has not got', () => {
    let i = 0
    const p = new Pool(() => ++i)
    expect(p.get()).toBe(1)
    expect(p.get()).toBe(2)
    p.put(42)
    expect(p.get()).toBe(42)
    expect(p.get()).toBe(3)
  })

  // Go: sync/pool_test.go, TestPoolGC and TestPoolRelease
  for (const drain of [true, false]) {
    test(`holds on to nothing for ever (${drain ? 'taken out again' : 'left in it'})`, async () => {
      const p = new Pool<object>(() => ({}))
      const count = 100
      const canary = new Canary()
      for (let i = 0; i < count; i++) p.put(canary.hatch())
      if (drain) for (let i = 0; i < count; i++) p.get()
      // One may remain on the stack or elsewhere.
      expect(await canary.collected(count - 1)).toBeGreaterThanOrEqual(count - 1)
    })
  }

  // Go: sync/pool_test.go, TestPoolStress
  inBothStyles('never gives the same object to two at a time', function* (style) {
    const p = new Pool<{ inUse: boolean }>(() => ({ inUse: false }))
    const wg = new WaitGroup()
    for (let g = 0; g < 10; g++) {
      wg.add(1)
      style.go(function* (): Body {
        for (let i = 0; i < 100; i++) {
          const object = p.get()
          expect(object.inUse).toBe(false)
          object.inUse = true
          if (i % 3 === 0) yield* on(gosched())
          object.inUse = false
          p.put(object)
        }
        wg.done()
      })
    }
    yield* on(wg.wait())
  })
})
