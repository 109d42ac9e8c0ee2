// Forces the garbage collector to prove what leaks there are.
import { LeakTracker } from './leak-tracker.ts'
import type { Scheduler } from './scheduler.ts'

/** Finalizers run in a task of their own, which the collector queues: it has run by the second turn after that. */
const turnsForFinalizers = 3
/** One full collection finds all there is, save what the engine held on to just then. */
const emptyRounds = 2

/** The tracker of this thread; goroutines that start from now on are tracked. */
export function trackLeaks(scheduler: Scheduler): LeakTracker {
  scheduler.leaks ??= new LeakTracker()
  return scheduler.leaks
}

/** Collects garbage until that proves no more leaks. The others go on meanwhile: it takes turns of the event loop. */
export async function proveLeaks(scheduler: Scheduler): Promise<void> {
  const tracker = trackLeaks(scheduler)
  for (let empty = 0; empty < emptyRounds; ) {
    // First of all: what has just run is on the stack, or in a job, until its turn is over.
    await turns(scheduler, 1)
    const before = tracker.count
    if (!scheduler.host.collectGarbage()) return
    await turns(scheduler, turnsForFinalizers)
    empty = tracker.count > before ? 0 : empty + 1
  }
}

async function turns(scheduler: Scheduler, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => scheduler.host.macrotask(resolve))
}
