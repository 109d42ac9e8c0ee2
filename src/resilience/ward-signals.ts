// What a steward hears of its ward, as the cases of its select.
import type { ReceiveChan } from '../chan/types.ts'
import type { Ward, WardEnd } from './ward.ts'

/** What a steward waits for, besides what it always does. */
export interface Signals<T> {
  readonly started?: ReceiveChan<Ward<T>> | null
  readonly ended?: ReceiveChan<WardEnd> | null
  readonly pulse?: ReceiveChan<unknown> | null
  readonly results?: ReceiveChan<T> | null
  readonly timeout?: ReceiveChan<Date> | null
}

/** One of them. */
export type Signal<T> =
  | { readonly case: 'started'; readonly ok: true; readonly value: Ward<T> }
  | { readonly case: 'ended'; readonly ok: true; readonly value: WardEnd }
  | { readonly case: 'pulse'; readonly ok: boolean }
  | { readonly case: 'results'; readonly ok: true; readonly value: T }
  | { readonly case: 'results'; readonly ok: false }
  | { readonly case: 'timeout' }
  /** The ward's results have ended with an error. */
  | { readonly case: 'broken'; readonly error: unknown }
