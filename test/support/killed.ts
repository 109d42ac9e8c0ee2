import { expect } from 'vitest'
import { type Goroutine, KilledError } from 'warren'

/** Waits for a goroutine that has been killed, and looks at what its join throws. */
export async function expectKilled(goroutine: Goroutine, reason?: unknown): Promise<void> {
  const error: unknown = await goroutine.join().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(KilledError)
  expect(error).toMatchObject({ code: 'ERR_KILLED', message: `goroutine ${goroutine.id} was killed` })
  expect((error as Error).cause).toBe(reason)
}
