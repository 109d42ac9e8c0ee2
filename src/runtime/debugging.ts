// What `WARREN_DEBUG=1` and `warren run` turn on: sites, and knowing who waits.
import type { Identity } from './identity.ts'
import { mainState } from './program-end.ts'
import type { Scheduler } from './scheduler.ts'
import { WaitReason } from './wait-reason.ts'

/** Records sites and the owners of async waits from now on. Costs 5 to 15 microseconds for each goroutine and each wait. */
export function startDebugging(scheduler: Scheduler): void {
  if (scheduler.recordsSites) return
  scheduler.recordsSites = true
  const identity = scheduler.identity ?? scheduler.host.createIdentity()
  if (identity !== undefined) scheduler.identity = withTopLevel(identity)
}

/** Whatever runs outside every goroutine is the program's top level, for as long as that is the main goroutine. */
function withTopLevel(identity: Identity): Identity {
  mainState.topLevel.reason = WaitReason.running
  return {
    ...identity,
    current: () => identity.current() ?? (mainState.record === null ? mainState.topLevel : undefined),
  }
}
