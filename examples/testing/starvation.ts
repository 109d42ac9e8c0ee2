// Starvation: two workers have the same to do under the same lock. The greedy one keeps it for the whole round, the polite one
// takes it for each part of it. Nobody is stuck, but one of them waits most of the time. After Concurrency in Go, chapter 1.
import { Mutex, sleep, WaitGroup } from 'warren'
import { on } from 'warren/debug'
import { type Bubble, explore } from 'warren/testing'
import { isMain, show } from './show.ts'

type Habit = (mutex: Mutex) => Promise<void>

const partMs = 1
const parts = 3
const shiftMs = 120

const greedy: Habit = async (mutex) => {
  using _ = await mutex.lock()
  await sleep(parts * partMs)
}

const polite: Habit = async (mutex) => {
  for (let part = 0; part < parts; part++) {
    using _ = await mutex.lock()
    await sleep(partMs)
  }
}

async function shift(t: Bubble, alices: Habit, barbaras: Habit): Promise<void> {
  const mutex = new Mutex()
  const wg = new WaitGroup()
  const work = async (habit: Habit): Promise<void> => {
    while (t.now() < shiftMs) await habit(mutex)
  }
  using waits = new LockWaits(t)
  wg.go(function alice() {
    return work(alices)
  })
  wg.go(function barbara() {
    return work(barbaras)
  })
  await wg.wait()
  for (const name of ['alice', 'barbara']) {
    const share = Math.round((100 * waits.of(name)) / t.now())
    if (share > 60) throw new Error(`${name} has waited for the lock for ${share} % of the time`)
  }
}

/** How long each goroutine has waited for a Mutex, in milliseconds of the bubble. */
class LockWaits implements Disposable {
  readonly #since = new Map<string, number>()
  readonly #total = new Map<string, number>()
  readonly #subscription: Disposable

  constructor(t: Bubble) {
    this.#subscription = on({
      park: (goroutine, reason) => {
        if (goroutine !== undefined && reason === 'sync.Mutex.Lock') this.#since.set(goroutine.name, t.now())
      },
      ready: (goroutine) => {
        const since = goroutine === undefined ? undefined : this.#since.get(goroutine.name)
        if (goroutine === undefined || since === undefined) return
        this.#since.delete(goroutine.name)
        this.#total.set(goroutine.name, this.of(goroutine.name) + t.now() - since)
      },
    })
  }

  of(name: string): number {
    return this.#total.get(name) ?? 0
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]()
  }
}

export const broken = (t: Bubble): Promise<void> => shift(t, greedy, polite)
/** Both keep the lock only for as long as they must. */
export const fixed = (t: Bubble): Promise<void> => shift(t, polite, polite)

export const search = explore({ seed: 1 }, broken)
export const check = explore({ seed: 1, schedules: 50 }, fixed)

export async function main(): Promise<void> {
  await show('a greedy worker and a polite one', search)
  await show('two polite workers', check)
}

if (isMain(import.meta)) await main()
