// The types of `select`: a union discriminated first by `case`, then by `ok`.
import { caseKind } from './case-kind.ts'
import type { ReceiveChan, SendChan } from './types.ts'

/** A send as a case of a select; made by {@link sending}. */
export class SendCase {
  /** @internal */
  readonly channel: SendChan<never>
  /** @internal */
  readonly value: unknown

  /** @internal */
  constructor(channel: SendChan<never>, value: unknown) {
    this.channel = channel
    this.value = value
  }

  /** Tells it from a channel, in the types too: what is internal does not stand in the declarations. */
  get kind(): 'send' {
    return 'send'
  }

  /** @internal */
  get [caseKind](): 'send' {
    return 'send'
  }
}

/** One way for a select to go on; `null` is one that is never ready. */
export type SelectCase = ReceiveChan<unknown> | SendCase | null

/** The cases of a select, by name, or by index. */
export type Cases = { readonly [name: string]: SelectCase } | readonly SelectCase[]

type Received<K, T> =
  | ([T] extends [never] ? never : { readonly case: K; readonly ok: true; readonly value: T })
  | { readonly case: K; readonly ok: false; readonly value: undefined }

type Outcome<K, C> = C extends SendCase
  ? { readonly case: K; readonly ok: true; readonly value: undefined }
  : C extends ReceiveChan<infer T>
    ? Received<K, T>
    : never

type IndexOf<K> = K extends `${infer N extends number}` ? N : number

/** What a select over the cases `C` came to: `case` says which, `ok` is false when its channel was closed. */
export type Picked<C extends Cases> = C extends readonly unknown[]
  ? { [K in keyof C]: Outcome<IndexOf<K>, C[K]> }[number]
  : { [K in keyof C]: Outcome<K, C[K]> }[keyof C]
