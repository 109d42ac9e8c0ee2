// The ways to receive and to send, as bodies: a rule of the channel holds for each of them.
import { type Context, type ReceiveChan, type SendChan, select, sending } from 'warren'
import { type Body, on } from './styles.ts'

type Cancel = Context | AbortSignal

export interface Received<T> {
  readonly value: T | undefined
  readonly ok: boolean
}

type Receive = <T>(ch: ReceiveChan<T>, ctx?: Cancel) => Body<Received<T>>
type Send = <T>(ch: SendChan<T>, value: T, ctx?: Cancel) => Body

/** `receive` does not say whether there was a value: these are for channels that never carry undefined. */
export const receiveForms: Readonly<Record<string, Receive>> = {
  *receive(ch, ctx) {
    const value = yield* on(ch.receive(ctx))
    return { value, ok: value !== undefined }
  },
  *next(ch, ctx) {
    const { value, done } = yield* on(ch.next(ctx))
    return { value, ok: done !== true }
  },
  *receiveMany(ch, ctx) {
    const values = yield* on(ch.receiveMany(1, ctx))
    return { value: values[0], ok: values.length > 0 }
  },
  *select<T>(ch: ReceiveChan<T>, ctx?: Cancel): Body<Received<T>> {
    const { value, ok } = yield* on(select({ ch: ch as ReceiveChan<unknown>, none: null }, optional(ctx)))
    return { value: value as T | undefined, ok }
  },
}

export const sendForms: Readonly<Record<string, Send>> = {
  *send(ch, value, ctx) {
    yield* on(ch.send(value, ctx))
  },
  *sendMany(ch, value, ctx) {
    yield* on(ch.sendMany([value], ctx))
  },
  *'sendMany of an iterator'(ch, value, ctx) {
    yield* on(ch.sendMany([value].values(), ctx))
  },
  *select(ch, value, ctx) {
    yield* on(select({ none: null, sent: sending(ch, value) }, optional(ctx)))
  },
}

/**
 * Whether a send may have failed although `got` shows that its value, 7, has gone: an iterable is asked for more before the
 * batch is over, in a turn of its own.
 */
export function isUntold(form: string, got: readonly unknown[]): boolean {
  return form === 'sendMany of an iterator' && got.includes(7)
}

function optional(ctx: Cancel | undefined): { ctx?: Cancel } {
  return ctx === undefined ? {} : { ctx }
}
