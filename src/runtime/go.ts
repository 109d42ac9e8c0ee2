// Starting a goroutine.
import { invalidType } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { Goroutine, type GoroutineBody } from './goroutine.ts'
import type { GoroutineRecord } from './goroutine-record.ts'
import { scheduler } from './runtime.ts'
import { currentSite } from './site.ts'

/**
 * Starts `fn(...args)` as a goroutine and returns its handle. `fn` may be async, a generator function, or plain.
 *
 * It never runs any of `fn` synchronously: goroutines start in the order of their `go` calls, after the caller has let
 * go of the thread. An error that the body throws ends the program as a panic, unless somebody waits for it in `join`, or
 * asks by one macrotask later. To have been told to stop is no panic: the error of an ended context or an abort, and
 * `kill`. The handle keeps a generator goroutine from being garbage, since it can be killed through it.
 * @throws {PanicError} `ERR_GO_NIL` when `fn` is null or undefined, `ERR_INVALID_ARG_TYPE` when it is not a function.
 * @example
 * const sum = go((a: number, b: number) => a + b, 1, 2)
 * console.log(await sum.join()) // 3
 */
export function go<A extends unknown[], R>(fn: (...args: A) => GoroutineBody<R>, ...args: A): Goroutine<R> {
  if (fn === null || fn === undefined) throw new PanicError('ERR_GO_NIL')
  if (typeof fn !== 'function') throw invalidType('the body of a goroutine', 'a function', fn)
  if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
  const parent = scheduler.currentRecord()
  const record = scheduler.newRecord(parent)
  record.name = fn.name
  if (scheduler.recordsSites) record.createdAt = currentSite()
  return launch(record, parent, fn, args)
}

/** Queues a new goroutine under an existing record. */
export function launch<A extends unknown[], R>(
  record: GoroutineRecord,
  parent: GoroutineRecord | undefined,
  body: (...args: A) => GoroutineBody<R>,
  args: A,
): Goroutine<R> {
  const goroutine = new Goroutine<R>(record, body as (...args: never[]) => unknown, args)
  scheduler.tableOf(record.world).add(record)
  if (scheduler.hooks !== null) scheduler.hooks.go(record, parent)
  if (scheduler.leaks !== null) scheduler.leaks.made(record, parent)
  scheduler.ready(goroutine)
  return goroutine
}
