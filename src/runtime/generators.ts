// What the runtime knows about generators beyond calling `next`.
import { invalidType } from '../errors/argument.ts'
import type { Wait } from './operation.ts'
import { Waiter, WaiterProbe } from './waiter.ts'

/** The generator of a goroutine: it yields waits, and returns the goroutine's result. */
export type Body = Generator<Wait, unknown, unknown>

// Each closure of a generator function has a prototype of its own, so that a look-up on a generator misses every cache
// when goroutines are started from closures. The function is asked instead, and `next` is taken from where it stands.
const generatorFunctionPrototype: object = Object.getPrototypeOf(function* () {})

export const generatorNext: (this: Body) => IteratorResult<Wait, unknown> = (
  generatorFunctionPrototype as { prototype: Body }
).prototype.next

export function isGeneratorFunction(fn: (...args: never[]) => unknown): boolean {
  return Object.getPrototypeOf(fn) === generatorFunctionPrototype
}

export type ResultKind = 'generator' | 'promise' | 'value'

/** What the body of a goroutine has returned. Runs the user's getters, if there are any: they may throw. */
export function kindOfResult(result: unknown): ResultKind {
  if (typeof result !== 'object' || result === null) return 'value'
  const tag = (result as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
  if (tag === 'Generator') return 'generator'
  if (tag === 'AsyncGenerator') {
    throw invalidType('the body of a goroutine', 'async, a generator or a plain function', result)
  }
  return typeof (result as { then?: unknown }).then === 'function' ? 'promise' : 'value'
}

/**
 * The waiter at which a suspended generator stands, or null when it only gives way. A goroutine does not keep its waiter:
 * storing each in an old object costs more than asking, and only `kill` asks. Runs no code of the user's.
 */
export function findWaiter(generator: Body): Waiter | null {
  const probe = new WaiterProbe()
  const result: unknown = generator.throw(probe)
  // A foreign iterator has handed on no `throw`, and the body has caught the engine's complaint: it stands elsewhere now.
  if (probe.waiter === null && result instanceof Waiter) return result
  if ((result as IteratorResult<Wait>).done === true) throw probe
  return probe.waiter
}
