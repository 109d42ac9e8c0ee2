// AB/BA: two transfers take the same two locks in opposite order. Each gets its first, and waits for the other's for ever.
import { Mutex, WaitGroup } from 'warren'
import { explore } from 'warren/testing'
import { isMain } from '../is-main.ts'
import { show } from './show.ts'

class Account {
  readonly id: number
  readonly mutex = new Mutex()
  cents: number

  constructor(id: number, cents: number) {
    this.id = id
    this.cents = cents
  }
}

type Transfer = (from: Account, to: Account, cents: number) => Promise<void>

const transfer: Transfer = async (from, to, cents) => {
  using _from = await from.mutex.lock()
  using _to = await to.mutex.lock()
  from.cents -= cents
  to.cents += cents
}

/** Everybody locks the account with the smaller number first, whichever way the money goes. */
const transferInOrder: Transfer = async (from, to, cents) => {
  const [first, second] = from.id < to.id ? [from, to] : [to, from]
  using _first = await first.mutex.lock()
  using _second = await second.mutex.lock()
  from.cents -= cents
  to.cents += cents
}

async function both(transfer: Transfer): Promise<void> {
  const savings = new Account(1, 500)
  const wages = new Account(2, 500)
  const wg = new WaitGroup()
  wg.go(function save() {
    return transfer(wages, savings, 100)
  })
  wg.go(function spend() {
    return transfer(savings, wages, 30)
  })
  await wg.wait()
  if (savings.cents !== 570) throw new Error(`there are ${savings.cents} cents on it`)
}

export const broken = (): Promise<void> => both(transfer)
export const fixed = (): Promise<void> => both(transferInOrder)

export const search = explore({ seed: 1 }, broken)
export const proof = explore({ strategy: 'dfs' }, fixed)

export async function main(): Promise<void> {
  await show('transfers that lock in their own order', search)
  await show('transfers that lock in the same order', proof)
}

if (isMain(import.meta)) await main()
