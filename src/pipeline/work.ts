// What a user's function returns that is not there yet: a promise, or a generator, which becomes a goroutine.
import { KilledError } from '../errors/goroutine-error.ts'
import { type Body, kindOfResult } from '../runtime/generators.ts'
import { launch } from '../runtime/go.ts'
import type { Goroutine, GoroutineBody } from '../runtime/goroutine.ts'
import type { Wait } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { currentSite } from '../runtime/site.ts'

/** Told once how work has ended. */
export type WorkEnd = (failed: boolean, value: unknown) => void

/** Whether it must be waited for. */
export function isWork(result: unknown): boolean {
  return typeof result === 'object' && result !== null && kindOfResult(result) !== 'value'
}

/** Gives a function the name of the user's: goroutines that run it have that. */
export function named<F extends (...args: never[]) => unknown>(name: string, fn: F): F {
  return Object.defineProperty(fn, 'name', { value: name })
}

/** Waits for work; returns what ends it from outside, where that is possible. */
export function startWork(work: unknown, name: string, end: WorkEnd): Goroutine<void> | null {
  if (kindOfResult(work) === 'generator') return launchNamed(name, runBody, [work as Body, end])
  watchPromise(work as PromiseLike<unknown>, end)
  return null
}

/** A goroutine that calls `fn`, in whatever style, and tells how that ended. */
export function startCall(name: string, fn: () => unknown, end: WorkEnd): Goroutine<void> {
  return launchNamed(name, callBody, [fn, end])
}

/** Ends a goroutine of ours, unless it awaits: then its context has told it. */
export function endGoroutine(goroutine: Goroutine<void>, reason: unknown): void {
  const { record } = goroutine
  if (record.kind === 'generator' && scheduler.starting !== record) goroutine.killUnsafe(reason)
}

function launchNamed<A extends unknown[]>(
  name: string,
  body: (...args: A) => GoroutineBody<void>,
  args: A,
): Goroutine<void> {
  if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
  const parent = scheduler.currentRecord()
  const record = scheduler.newRecord(parent)
  record.name = name
  if (scheduler.recordsSites) record.createdAt = currentSite()
  return launch(record, parent, body, args)
}

function callBody(fn: () => unknown, end: WorkEnd): GoroutineBody<void> {
  let result: unknown
  try {
    result = fn()
    if (isWork(result)) {
      if (kindOfResult(result) === 'generator') return runBody(result as Body, end)
      return watchPromise(result as PromiseLike<unknown>, end)
    }
  } catch (error) {
    return end(true, error)
  }
  return end(false, result)
}

function watchPromise(promise: PromiseLike<unknown>, end: WorkEnd): Promise<void> {
  // As a native promise: a foreign `then` may throw, or call back twice.
  return Promise.resolve(promise).then(
    (value) => end(false, value),
    (error: unknown) => end(true, error),
  )
}

function* runBody(body: Body, end: WorkEnd): Generator<Wait, void, unknown> {
  let outcome: { readonly failed: boolean; readonly value: unknown } | null = null
  try {
    outcome = { failed: false, value: yield* body }
  } catch (error) {
    outcome = { failed: true, value: error }
  } finally {
    if (outcome === null) end(true, new KilledError('the goroutine was killed'))
    else end(outcome.failed, outcome.value)
  }
}
