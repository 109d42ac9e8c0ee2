import { leftIn } from './check-leaks.ts'
import { LeakError } from './leak-error.ts'
import { type LeakOptions, leakRules } from './leak-options.ts'
import { LeakScope } from './leak-scope.ts'
import { settle } from './settle.ts'

/**
 * Makes the end of the scope wait for the goroutines that are started in it: `await using _ = expectNoLeaks()` at the
 * head of a test. What counts is what the caller and what it calls start, and what those goroutines start in turn; not
 * what was there before, nor what tests beside it do, nor what a check inside it looks at.
 *
 * *Blocking*: until all have ended, at most for `timeoutMs`; less, if those that are left can never run again.
 *
 * From the first call on, goroutines are tracked, and their sites recorded, which makes each of them slower.
 * @throws {LeakError} `ERR_LEAK`, at the end of the scope, when some are left; its `leaks` says which, and its message
 * where they block and who started them.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE`, at the call.
 * @example
 * async function test() {
 *   await using _ = expectNoLeaks()
 *   const numbers = chan<number>()
 *   go(async function produce() {
 *     for (let n = 1; ; n++) await numbers.send(n)
 *   })
 *   await numbers.receive()
 * }
 * const error = await test().catch((error: LeakError) => error)
 * console.log(error?.message.split('\n')[2]) // 1 goroutine leaked [chan send]: can never run again
 */
export function expectNoLeaks(options: LeakOptions = {}): { [Symbol.asyncDispose](): Promise<void> } {
  const rules = leakRules(options)
  const scope = new LeakScope()
  scope.enter()
  return {
    async [Symbol.asyncDispose]() {
      try {
        const left = await settle(() => leftIn(scope, rules), rules.timeoutMs)
        if (left.length > 0) throw new LeakError(left)
      } finally {
        scope.close()
      }
    },
  }
}
