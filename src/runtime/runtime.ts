// The one runtime of this thread, under a registered symbol: a second copy of the package, of the same version, uses
// the first one's; a version that cannot share it says so at once.
import { WarrenError } from '../errors/warren-error.ts'
import { RealClock } from './clock.ts'
import { startDebugging } from './debugging.ts'
import { detectHost } from './detect-host.ts'
import { reportLeaksAtEnd, watchLeaks } from './leaks-at-end.ts'
import { watchProgramEnd } from './program-end.ts'
import { Scheduler } from './scheduler.ts'

/** Changes with every change to what copies of the package share. */
const layoutVersion = 2

interface Shared {
  readonly layoutVersion: number
  readonly scheduler: Scheduler
}

const key: unique symbol = Symbol.for('warren.runtime')
const registry = globalThis as { [key]?: Shared }

function createScheduler(): Scheduler {
  const host = detectHost()
  const created = new Scheduler(host, new RealClock(host))
  if (host.env('WARREN_DEBUG') === '1') startDebugging(created)
  if (host.env('WARREN_LEAKS') === '1') reportLeaksAtEnd(created)
  created.onFirstUse = () => {
    created.onFirstUse = null
    watchProgramEnd(created)
    if (created.leaks?.reportsAtEnd) watchLeaks(created)
  }
  return created
}

function adopt(shared: Shared): Scheduler {
  if (shared.layoutVersion !== layoutVersion) {
    throw new WarrenError(
      'ERR_RUNTIME_VERSION',
      `two copies of warren that cannot share a runtime are loaded (layouts ${shared.layoutVersion} and ${layoutVersion})`,
    )
  }
  return shared.scheduler
}

registry[key] ??= { layoutVersion, scheduler: createScheduler() }

export const scheduler: Scheduler = adopt(registry[key])
