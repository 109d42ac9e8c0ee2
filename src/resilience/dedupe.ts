// Dropping what has come before: after a cancellation or a retry a sender may say a thing twice.
//
// Invariant: `#until` has keys in the order in which they are forgotten, since all are remembered for the same time.
import type { ReceiveChan } from '../chan/types.ts'
import { outOfRange, requireDuration, requireFunction, requireInteger, requireObject } from '../errors/argument.ts'
import { filter } from '../pipeline/map.ts'
import type { StageOptions } from '../pipeline/options.ts'
import { scheduler } from '../runtime/runtime.ts'

export interface DedupeOptions<T> extends Omit<StageOptions, 'concurrency'> {
  /** What two messages have in common that are the same one; compared as a Map does. Default: the message itself. */
  readonly key?: ((value: T) => unknown) | undefined
  /** How long a key is remembered, in milliseconds from when it was first seen; `Infinity` for ever. */
  readonly windowMs: number
  /** How many keys are remembered at most; the oldest is forgotten for a new one. Default: no limit. */
  readonly maxKeys?: number | undefined
}

class SeenKeys {
  readonly #until = new Map<unknown, number>()
  readonly #windowMs: number
  readonly #maxKeys: number
  readonly #clock = scheduler.clock

  constructor(windowMs: number, maxKeys: number) {
    this.#windowMs = windowMs
    this.#maxKeys = maxKeys
  }

  /** Says whether it is new, and remembers it. */
  add(key: unknown): boolean {
    const now = this.#clock.now()
    for (const [oldest, until] of this.#until) {
      if (until > now) break
      this.#until.delete(oldest)
    }
    if (this.#until.has(key)) return false
    if (this.#until.size >= this.#maxKeys) this.#until.delete(this.#until.keys().next().value)
    this.#until.set(key, now + this.#windowMs)
    return true
  }
}

/**
 * A stage that drops messages that came before: those whose key was seen in the last `windowMs` milliseconds. Keys take memory for
 * that time; `maxKeys` bounds it.
 *
 * *Ordering*: the first of the same comes through, in its place. What was dropped does not prolong the time.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for a wrong argument. An error of `key` ends the stage.
 * @example
 * const messages = fromIterable([{ id: 1 }, { id: 2 }, { id: 1 }])
 * const once = dedupe(messages, { key: ({ id }) => id, windowMs: Minute })
 * for await (const { id } of once) console.log(id) // 1 2
 */
export function dedupe<T>(ch: ReceiveChan<T>, options: DedupeOptions<T>): ReceiveChan<T> {
  requireObject('options', options)
  const { key = (value: T): unknown => value, windowMs, maxKeys = Number.POSITIVE_INFINITY, ...rest } = options
  requireFunction('key', key)
  requireDuration('windowMs', windowMs)
  if (windowMs <= 0) throw outOfRange('windowMs', 'above 0', windowMs)
  if (maxKeys !== Number.POSITIVE_INFINITY) requireInteger('maxKeys', maxKeys, 1)
  const seen = new SeenKeys(windowMs, maxKeys)
  return filter(ch, (value) => seen.add(key(value)), rest)
}
