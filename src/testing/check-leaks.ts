import { type Leak, leaks, toLeak, unended } from '../debug/leaks.ts'
import { requireFunction } from '../errors/argument.ts'
import { startDebugging } from '../runtime/debugging.ts'
import { go } from '../runtime/go.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type LeakOptions, type LeakRules, leakRules } from './leak-options.ts'
import { LeakScope } from './leak-scope.ts'
import { endOrProof, settle } from './settle.ts'

/**
 * Runs `fn` as a goroutine, waits for its end, and returns the goroutines started in it, or by those, that are left: the
 * ones that can never run again, and those that have not ended `timeoutMs` later. Other goroutines are not looked at,
 * whoever runs beside it. When `fn` itself can never go on, it is one of the leaks.
 *
 * Without `fn` it is {@link leaks} of `warren/debug`: all that there are, of those that were tracked.
 *
 * From the first call on, goroutines are tracked, and their sites recorded, which makes each of them slower.
 * @throws what `fn` throws. {@link PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`. All as a rejection.
 * @example
 * const found = await checkLeaks(async () => {
 *   const results = chan<number>()
 *   for (const n of [1, 2, 3]) go(async function query() {
 *     await results.send(n)
 *   })
 *   await results.receive() // the first answer is enough, and the others wait for ever
 * })
 * console.log(found.length, found[0]?.proven, found[0]?.goroutine.state) // 2 true chan send
 */
export async function checkLeaks(fn?: () => GoroutineBody<unknown>, options: LeakOptions = {}): Promise<Leak[]> {
  const rules = leakRules(options)
  if (fn === undefined) {
    startDebugging(scheduler)
    return (await leaks()).filter((leak) => !rules.isIgnored(leak))
  }
  requireFunction('fn', fn)
  const scope = new LeakScope()
  try {
    const { record, ended } = start(scope, fn)
    await endOrProof(ended, () => scheduler.leaks!.proven.has(record))
    if (!scheduler.leaks!.proven.has(record)) await ended
    return await settle(() => leftIn(scope, rules), rules.timeoutMs)
  } finally {
    scope.close()
  }
}

/** Those that belong to the scope and have not ended. */
export function leftIn(scope: LeakScope, rules: LeakRules): Leak[] {
  return unended()
    .filter(({ record }) => scope.has(record))
    .map(toLeak)
    .filter((leak) => !rules.isIgnored(leak))
}

/** The handle must not outlive this call: it would hide the leak. */
function start(
  scope: LeakScope,
  fn: () => GoroutineBody<unknown>,
): { record: GoroutineRecord; ended: PromiseLike<unknown> } {
  const goroutine = scope.run(() => go(fn))
  return { record: goroutine.record, ended: goroutine.join() }
}
