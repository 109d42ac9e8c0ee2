// The end of the goroutines that main leaves behind.
import type { Killable } from '../runtime/live-goroutines.ts'
import { mainStateOf } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'
import { withoutStacks } from './end-error.ts'

/** Kills what there is to kill, but for `except`, and awaits the clean-up, until nothing is left. */
export async function killAll(except: unknown): Promise<void> {
  const world = scheduler.world()
  for (;;) {
    mainStateOf(world).abandonedUpTo = world === null ? scheduler.nextId() : world.nextId()
    const left = survivors().filter((goroutine) => goroutine !== except)
    if (left.length === 0) return
    withoutStacks(() => {
      for (const goroutine of left) goroutine.killUnsafe('the main goroutine has ended')
    })
    for (const goroutine of left) await ended(goroutine)
  }
}

/** The generator goroutines that have parked, and whatever stands in the run queue. */
function survivors(): Killable[] {
  const queued = scheduler.queued().filter((item): item is Resumable & Killable => 'killUnsafe' in item)
  return [...new Set([...(scheduler.live?.all() ?? []), ...queued])].filter((goroutine) => !goroutine.hasEnded)
}

async function ended(goroutine: Killable): Promise<void> {
  try {
    await goroutine.join()
  } catch {
    // It was killed: that is how it ends.
  }
}
