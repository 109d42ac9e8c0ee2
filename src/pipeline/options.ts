// What every stage takes as its last argument.
import { requireCapacity } from '../chan/make-chan.ts'
import { isCancel } from '../context/derive-scope.ts'
import { invalidType, requireInteger, requireObject } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'

/** The options of a stage. A context in their place is its `ctx`. */
export interface StageOptions {
  /** Ends the stage: its output is closed at once, and what it had not handed on is dropped. */
  readonly ctx?: Cancel | undefined
  /** How many results it keeps ready, ahead of its reader; default 0: it works when it is asked. */
  readonly capacity?: number | undefined
  /** How many calls of its function may be under way at a time; default 1. Stages that call none ignore it. */
  readonly concurrency?: number | undefined
  /** Whether it counts what goes through, for {@link stats}; default false: each value costs two looks at the clock. */
  readonly measured?: boolean | undefined
}

export interface CheckedOptions {
  readonly ctx: Cancel | null
  readonly capacity: number
  readonly concurrency: number
  readonly measured: boolean
}

export const noOptions: CheckedOptions = { ctx: null, capacity: 0, concurrency: 1, measured: false }

export function checkOptions(options: StageOptions | Cancel | undefined, capacity = 0): CheckedOptions {
  if (options === undefined) return capacity === 0 ? noOptions : { ...noOptions, capacity }
  requireObject('options', options)
  if (isCancel(options)) return checkOptions({ ctx: options }, capacity)
  if (options.concurrency !== undefined) requireConcurrency(options.concurrency)
  requireBoolean('measured', options.measured)
  const { ctx } = options
  if (ctx !== undefined && !isCancel(ctx)) throw invalidType('ctx', 'a Context or an AbortSignal', ctx)
  return {
    ctx: ctx ?? null,
    capacity: options.capacity === undefined ? capacity : requireCapacity(options.capacity),
    concurrency: options.concurrency ?? 1,
    measured: options.measured ?? false,
  }
}

function requireConcurrency(concurrency: unknown): void {
  if (concurrency !== Number.POSITIVE_INFINITY) requireInteger('concurrency', concurrency, 1)
}

export function requireBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidType(name, 'a boolean', value)
}
