// The dining philosophers (Dijkstra, 1965): five at a round table, a fork between each two, and everybody needs two of them. Who
// takes the left one first, as all do, may find that all have.
import { Mutex, WaitGroup } from 'warren'
import { explore } from 'warren/testing'
import { isMain } from '../is-main.ts'
import { show } from './show.ts'

type Forks = readonly [first: Mutex, second: Mutex]
type Manners = (left: number, right: number) => readonly [first: number, second: number]

const leftFirst: Manners = (left, right) => [left, right]
/** The forks are numbered, and the smaller number comes first: no circle can close. */
const inOrder: Manners = (left, right) => (left < right ? [left, right] : [right, left])

async function eat([first, second]: Forks): Promise<void> {
  using _first = await first.lock()
  using _second = await second.lock()
}

async function dine(count: number, manners: Manners): Promise<void> {
  const forks = Array.from({ length: count }, () => new Mutex())
  const table = new WaitGroup()
  for (let seat = 0; seat < count; seat++) {
    const [first, second] = manners(seat, (seat + 1) % count)
    table.go(function philosopher() {
      return eat([forks[first]!, forks[second]!])
    })
  }
  await table.wait()
}

export const broken = (): Promise<void> => dine(5, leftFirst)
export const fixed = (): Promise<void> => dine(3, inOrder)

export const search = explore({ seed: 1 }, broken)
/** Three are enough for a circle, and few enough to try every order of everything they do. */
export const proof = explore({ strategy: 'dfs' }, fixed)

export async function main(): Promise<void> {
  await show('five philosophers, left fork first', search)
  await show('three philosophers, forks in order', proof)
}

if (isMain(import.meta)) await main()
