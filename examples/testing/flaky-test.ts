// A flaky test made deterministic. It waits for real time, and on a busy machine 99 ms become 150. The same test in a bubble has
// a time that waits for it: it takes no time at all, is never late, and may look at the very edge.
import assert from 'node:assert/strict'
import { bubble } from 'warren/testing'
import { isMain } from '../is-main.ts'

/** The code under test: what was set is forgotten after `ttlMs`. */
class Cache<V> {
  readonly #ttlMs: number
  readonly #entries = new Map<string, { readonly value: V; readonly until: number }>()

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  set(key: string, value: V): void {
    this.#entries.set(key, { value, until: Date.now() + this.#ttlMs })
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && Date.now() < entry.until ? entry.value : undefined
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** `test('an entry is forgotten after its time', broken)` */
export async function broken(): Promise<void> {
  const sessions = new Cache<string>(100)
  sessions.set('token', 'ada')
  await pause(99)
  assert.equal(sessions.get('token'), 'ada', 'forgotten too early')
  await pause(1)
  assert.equal(sessions.get('token'), undefined, 'not forgotten')
}

/** `test('an entry is forgotten after its time', fixed)` */
export const fixed = bubble(broken)

/** What else goes on in the machine: for 100 ms, nobody gets the thread. */
export function disturb(): void {
  setTimeout(() => {
    const end = performance.now() + 100
    while (performance.now() < end);
  }, 50)
}

async function report(title: string, test: () => Promise<void>): Promise<void> {
  disturb()
  await test().then(
    () => console.log(`${title}: passes`),
    (error: Error) => console.log(`${title}: ${error.name}: ${error.message.split('\n')[0]}`),
  )
}

export async function main(): Promise<void> {
  await report('in real time', broken)
  await report('in a bubble', fixed)
}

if (isMain(import.meta)) await main()
