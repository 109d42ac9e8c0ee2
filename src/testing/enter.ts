// What a bubble and an exploration need before they begin, and leave as they found it; save that it stays known who runs
// (identity): others may have come to rely on it.
import { PanicError } from '../errors/panic-error.ts'
import { startIdentity } from '../runtime/debugging.ts'
import { scheduler } from '../runtime/runtime.ts'
import { watchForeign } from './foreign-waits.ts'
import { nodeModule } from './node.ts'
import { noteOutside } from './outside.ts'
import { patchTime } from './patches.ts'
import { watchRejections } from './rejections.ts'

/** Runs `body` with time patched. Inside another bubble it refuses. */
export async function enterTime<R>(what: string, body: () => Promise<R>): Promise<R> {
  if (scheduler.world() !== null) {
    throw new PanicError('ERR_INVALID_OPERATION', { message: `${what} called from within a bubble` })
  }
  startIdentity(scheduler)
  const run = nodeModule('async_hooks').AsyncLocalStorage.snapshot()
  const leave = noteOutside((fn) => run((it: () => void) => it(), fn))
  const unpatch = patchTime()
  const unwatch = watchForeign()
  const unlisten = watchRejections()
  try {
    return await body()
  } finally {
    unlisten()
    unwatch()
    unpatch()
    leave()
  }
}
