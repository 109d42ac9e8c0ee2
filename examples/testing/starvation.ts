// Starvation: two workers have the same to do under the same lock. The greedy one keeps it for the whole round, the polite one
// takes it for each part of it. Nobody is stuck, but one of them waits most of the time. After Concurrency in Go, chapter 1.
import { Mutex, sleep, WaitGroup } from 'warren'
import { watchLatency } from 'warren/debug'
import { type Bubble, explore } from 'warren/testing'
import { isMain } from '../is-main.ts'
import { show } from './show.ts'

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
  using latency = watchLatency()
  wg.go(function alice() {
    return work(alices)
  })
  wg.go(function barbara() {
    return work(barbaras)
  })
  await wg.wait()
  for (const { name, lifeMs, parked } of latency.report().goroutines) {
    const share = Math.round((100 * (parked.get('sync.Mutex.Lock')?.totalMs ?? 0)) / lifeMs)
    if (share > 60) throw new Error(`${name} has waited for the lock for ${share} % of the time`)
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
