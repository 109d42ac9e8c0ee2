// What leaving a queue costs: counted in waiters that are looked at, not in time.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { background, type Goroutine, go, gosched, withCancel } from 'warren'
import { WaitQueue } from '../../src/runtime/wait-queue.ts'
import type { Waiter } from '../../src/runtime/waiter.ts'
import { syncWaits } from '../support/sync-waits.ts'

const fields = ['before', 'after', 'queue', 'root', 'sibling', 'done', 'tag', 'value', 'reason'] as const

/** Enough of them to notice a walk along the queue from either end or from the middle. */
function sampleOf(waiters: readonly Waiter[]): readonly Waiter[] {
  return waiters.filter((_, i) => i % 50 === 0 || Math.abs(i - waiters.length / 2) < 100)
}

/** How many of `waiters` are read or written while `act` runs. */
function countTouched(waiters: readonly Waiter[], act: () => void): number {
  const touched = new Set<Waiter>()
  for (const waiter of waiters) {
    for (const field of fields) {
      let value: unknown = waiter[field]
      Object.defineProperty(waiter, field, {
        configurable: true,
        get() {
          touched.add(waiter)
          return value
        },
        set(next: unknown) {
          touched.add(waiter)
          value = next
        },
      })
    }
  }
  touched.clear()
  act()
  return touched.size
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('one wait that ends in the middle of many touches only its neighbours, and who is first', () => {
  for (const { name, make } of syncWaits) {
    const count = name === 'Mutex.lock' ? 100_000 : 1000
    for (const way of ['cancelled', 'killed'] as const) {
      test(`${name}, one of ${count}, ${way}`, { timeout: 60_000 }, async () => {
        const waiters: Waiter[] = []
        const push = WaitQueue.prototype.push
        vi.spyOn(WaitQueue.prototype, 'push').mockImplementation(function (this: WaitQueue, waiter: Waiter) {
          waiters.push(waiter)
          push.call(this, waiter)
        })
        const blocked = make()
        const contexts = [withCancel(background()), withCancel(background())]
        const all: Goroutine<void>[] = []
        let asked = 0
        for (let i = 0; i < count; i++) {
          const ctx = contexts[i === count / 2 ? 1 : 0]
          all.push(
            go(function* () {
              asked++
              yield* blocked.wait(i % 10 === 0 ? ctx : undefined)
            }),
          )
        }
        while (asked < count) await gosched()
        const victim = all[count / 2]!
        void victim.join().catch(() => {})
        vi.restoreAllMocks()
        expect(waiters.length).toBeGreaterThanOrEqual(count)
        const touched = countTouched(sampleOf(waiters), () => {
          if (way === 'cancelled') contexts[1]!.cancel()
          else victim.kill()
        })
        expect(touched).toBeLessThan(10)
      })
    }
  }
})
