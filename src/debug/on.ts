// Subscriptions to what the runtime does. All share one place among the runtime's hooks, which is taken only while
// somebody listens.
//
// Invariants
// * A handler never runs inside another: what handlers do with channels and goroutines themselves is not reported.
// * A handler that throws is taken out, and its error becomes an uncaught exception of the program, outside the
//   goroutine that happened to be running.
import { invalidType, requireFunction } from '../errors/argument.ts'
import type { Hooks, OperationKind } from '../runtime/events.ts'
import type { GoroutineRecord as RuntimeRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import { waitReasonText } from '../runtime/wait-reason.ts'
import { type GoroutineRecord, snapshot } from './goroutines.ts'
import { subscribe as subscribeHooks } from './hook-chain.ts'

export type { OperationKind }

/** What {@link on} reports. A goroutine is undefined where the runtime does not know it (`async, not tracked`). */
export interface Events {
  /** `go` was called, by `parent`. */
  go(goroutine: GoroutineRecord, parent: GoroutineRecord | undefined): void
  /** Its body starts. */
  start(goroutine: GoroutineRecord): void
  /** It begins to wait, for `reason` in Go's words. */
  park(goroutine: GoroutineRecord | undefined, reason: string): void
  /** Its wait is over, because of `by`. */
  ready(goroutine: GoroutineRecord | undefined, by: GoroutineRecord | undefined): void
  /** It has ended; `error` is what its body threw, or undefined. */
  end(goroutine: GoroutineRecord, error: unknown): void
  /** An operation on a channel or a lock took effect. */
  operation(kind: OperationKind, primitive: object, by: GoroutineRecord | undefined): void
}

const names = ['go', 'start', 'park', 'ready', 'end', 'operation'] as const satisfies readonly (keyof Events)[]

class Dispatcher implements Hooks {
  readonly #subscribers = new Set<Partial<Events>>()
  #place: Disposable | null = null
  #isDispatching = false

  add(subscriber: Partial<Events>): void {
    this.#subscribers.add(subscriber)
    this.#place ??= subscribeHooks(this)
  }

  remove(subscriber: Partial<Events>): void {
    this.#subscribers.delete(subscriber)
    if (this.#subscribers.size > 0) return
    this.#place?.[Symbol.dispose]()
    this.#place = null
  }

  go(record: RuntimeRecord, parent: RuntimeRecord | undefined): void {
    this.#dispatch('go', () => [view(record), viewOrNone(parent)])
  }

  start(record: RuntimeRecord): void {
    this.#dispatch('start', () => [view(record)])
  }

  park(record: RuntimeRecord | undefined, reason: Parameters<Hooks['park']>[1]): void {
    this.#dispatch('park', () => [viewOrNone(record), waitReasonText(reason)])
  }

  ready(record: RuntimeRecord | undefined, by: RuntimeRecord | undefined): void {
    this.#dispatch('ready', () => [viewOrNone(record), viewOrNone(by)])
  }

  end(record: RuntimeRecord, error: unknown): void {
    this.#dispatch('end', () => [view(record), error])
  }

  operation(kind: OperationKind, primitive: object, by: RuntimeRecord | undefined): void {
    this.#dispatch('operation', () => [kind, primitive, viewOrNone(by)])
  }

  #dispatch<E extends keyof Events>(event: E, argumentsOf: () => Parameters<Events[E]>): void {
    if (this.#isDispatching) return
    this.#isDispatching = true
    let args: Parameters<Events[E]> | null = null
    for (const subscriber of this.#subscribers) {
      const handler = subscriber[event] as ((...args: Parameters<Events[E]>) => void) | undefined
      if (handler === undefined) continue
      args ??= argumentsOf()
      try {
        handler(...args)
      } catch (error) {
        this.remove(subscriber)
        scheduler.host.macrotask(() => {
          throw error
        })
      }
    }
    this.#isDispatching = false
  }
}

const dispatcher = new Dispatcher()

function view(record: RuntimeRecord): GoroutineRecord {
  return snapshot(record, scheduler.currentRecord())
}

function viewOrNone(record: RuntimeRecord | undefined): GoroutineRecord | undefined {
  return record === undefined ? undefined : view(record)
}

/**
 * Calls the given handlers as the runtime does things, until the result is disposed of. Handlers run inside the
 * operation that they are told of, so they must be quick and must not wait; what they do themselves is not reported. One
 * that throws is taken out with its whole subscription, and its error is an uncaught exception.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when a handler is not a function.
 * @example
 * const ended: number[] = []
 * const subscription = on({ end: (goroutine) => ended.push(goroutine.id) })
 * const first = go(() => 1)
 * await first.join()
 * subscription[Symbol.dispose]()
 * console.log(ended.length) // 1
 */
export function on(events: Partial<Events>): Disposable {
  if (typeof events !== 'object' || events === null) throw invalidType('events', 'an object of handlers', events)
  const subscriber: Record<string, unknown> = {}
  for (const name of names) {
    const handler = events[name]
    if (handler === undefined) continue
    requireFunction(`events.${name}`, handler)
    subscriber[name] = handler.bind(events)
  }
  dispatcher.add(subscriber)
  return { [Symbol.dispose]: () => dispatcher.remove(subscriber) }
}
