// A lost wake-up: who looks before taking the lock may see the old state, and begin to wait when the signal is over.
import { Cond, go, Mutex } from 'warren'
import { explore } from 'warren/testing'
import { isMain } from '../is-main.ts'
import { show } from './show.ts'

class Door {
  isOpen = false
  readonly #mutex = new Mutex()
  readonly #opened = new Cond(this.#mutex)

  async open(): Promise<void> {
    using _ = await this.#mutex.lock()
    this.isOpen = true
    this.#opened.signal()
  }

  /** Wrong: between the look and the lock, the door may open. */
  async enter(): Promise<void> {
    if (this.isOpen) return
    using _ = await this.#mutex.lock()
    await this.#opened.wait()
  }

  /** What is looked at under the lock does not change until `wait` gives the lock up, and then a signal finds the waiter. */
  async enterCarefully(): Promise<void> {
    using _ = await this.#mutex.lock()
    while (!this.isOpen) await this.#opened.wait()
  }
}

export async function broken(): Promise<void> {
  const door = new Door()
  const guest = go(async function guest() {
    await door.enter()
  })
  go(async function porter() {
    await door.open()
  })
  await guest.join()
}

export async function fixed(): Promise<void> {
  const door = new Door()
  const guest = go(async function guest() {
    await door.enterCarefully()
  })
  go(async function porter() {
    await door.open()
  })
  await guest.join()
}

export const search = explore({ seed: 1 }, broken)
export const proof = explore({ strategy: 'dfs' }, fixed)

export async function main(): Promise<void> {
  await show('a guest who looks before he locks', search)
  await show('a guest who looks under the lock', proof)
}

if (isMain(import.meta)) await main()
