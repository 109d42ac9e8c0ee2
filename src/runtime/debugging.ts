// What `WARREN_DEBUG=1` and `warren run` turn on: sites, and knowing who waits.
import type { Identity } from './identity.ts'
import { mainState } from './program-end.ts'
import type { Scheduler } from './scheduler.ts'
import { WaitReason } from './wait-reason.ts'

/** Records sites and the owners of async waits from now on. Costs 5 to 15 microseconds for each goroutine and each wait. */
export function startDebugging(scheduler: Scheduler): void {
  if (scheduler.recordsSites) return
  scheduler.recordsSites = true
  startIdentity(scheduler)
  if (scheduler.identity !== null) scheduler.identity = withTopLevel(scheduler.identity)
}

/** Knows from now on which async goroutine is running, where the host can tell. */
export function startIdentity(scheduler: Scheduler): void {
  scheduler.identity ??= scheduler.host.createIdentity() ?? null
}

/** Whatever runs outside every goroutine is the program's top level, for as long as that is the main goroutine. */
function withTopLevel(identity: Identity): Identity {
  mainState.topLevel.reason = WaitReason.running
  return {
    ...identity,
    current: () => identity.current() ?? (mainState.record === null ? mainState.topLevel : undefined),
  }
}
