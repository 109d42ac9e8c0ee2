// Garbage collection on demand, without a flag on the command line.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Collects all garbage there is now; what finalizers free goes with the next call. */
export function collectGarbage(): void {
  gc()
}

/** Bytes in use after a full collection. */
export function heapAfterGc(): number {
  for (let i = 0; i < 3; i++) gc()
  return process.memoryUsage().heapUsed
}

/** The real one, also in a bubble: garbage is collected in real turns of the event loop. */
const { setImmediate } = globalThis

/** Whether objects get collected: register what only the frame under test may hold, then ask. */
export class Canary {
  #collected = 0
  readonly #registry = new FinalizationRegistry<undefined>(() => {
    this.#collected++
  })

  /** An object to be held by the frame under test, and by nothing else. */
  hatch(): object {
    const canary = {}
    this.#registry.register(canary, undefined)
    return canary
  }

  /** How many have been collected; waits until it is `expected`, or for as many rounds as it never takes. */
  async collected(expected: number, rounds = 30): Promise<number> {
    for (let i = 0; i < rounds && this.#collected < expected; i++) {
      // A turn of the event loop first: what ran last is on the stack or in a job until then.
      await new Promise((resolve) => setImmediate(resolve))
      gc()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return this.#collected
  }
}
