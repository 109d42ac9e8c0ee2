// A livelock: two people meet in a hallway, and both step aside, to the same side, for ever. Nobody is blocked, and nobody
// gets anywhere. After Concurrency in Go, chapter 1.
import { sleep, WaitGroup } from 'warren'
import { explore } from 'warren/testing'
import { isMain } from '../is-main.ts'
import { show } from './show.ts'

/** How many people are on each side of it. */
interface Hallway {
  left: number
  right: number
}

/** All walk at the same pace. */
const beat = (): Promise<void> => sleep(1000)

async function walk(hallway: Hallway, isPolite: boolean): Promise<void> {
  let side: keyof Hallway = 'left'
  for (;;) {
    const isFree = hallway[side] === 1
    await beat()
    if (isFree) break
    if (!isPolite) continue
    hallway[side]--
    side = side === 'left' ? 'right' : 'left'
    hallway[side]++
    await beat()
  }
  hallway[side]--
}

async function meet(isAlicePolite: boolean, isBarbaraPolite: boolean): Promise<void> {
  const hallway: Hallway = { left: 2, right: 0 }
  const wg = new WaitGroup()
  wg.go(function alice() {
    return walk(hallway, isAlicePolite)
  })
  wg.go(function barbara() {
    return walk(hallway, isBarbaraPolite)
  })
  await wg.wait()
}

export const broken = (): Promise<void> => meet(true, true)
/** One of them has right of way. */
export const fixed = (): Promise<void> => meet(false, true)

export const search = explore({ seed: 1, maxSteps: 500 }, broken)
export const proof = explore({ strategy: 'dfs' }, fixed)

export async function main(): Promise<void> {
  await show('both step aside', search)
  await show('one steps aside', proof)
}

if (isMain(import.meta)) await main()
