// A livelock: two people in a hallway step aside for each other, in the same rhythm and to the same side, again and again.
// Both are busy, and neither gets past. Concurrency in Go, chapter 1.
import { background, Cond, go, Mutex, run, sleep, withCancel } from 'warren'
import { isMain } from '../../is-main.ts'

const sides = ['left', 'right'] as const
type Hallway = Record<(typeof sides)[number], number>

async function step(cadence: Cond): Promise<void> {
  using _ = await cadence.locker.lock()
  await cadence.wait()
}

async function walk(name: string, hallway: Hallway, cadence: Cond): Promise<void> {
  const tried: string[] = []
  for (let attempt = 0; attempt < 5; attempt++) {
    for (const side of sides) {
      tried.push(side)
      hallway[side]++
      await step(cadence)
      if (hallway[side] === 1) return console.log(`${name} gets past: ${tried.join(' ')}`)
      await step(cadence)
      hallway[side]--
    }
  }
  console.log(`${name} tries to get past: ${tried.join(' ')}`)
  console.log(`${name} tosses her hands up in exasperation!`)
}

export async function main(): Promise<void> {
  using ctx = withCancel(background())
  const cadence = new Cond(new Mutex())
  go(async function beat() {
    for (;;) {
      await sleep(1, ctx)
      cadence.broadcast()
    }
  })

  const hallway: Hallway = { left: 0, right: 0 }
  const people = ['Alice', 'Barbara'].map((name) => go(walk, name, hallway, cadence))
  for (const person of people) await person.join()
}

if (isMain(import.meta)) await run(main)
