// The nil channel: no operation on it is ever ready. In a select it is a guard that is closed; `null` does the same.
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation } from '../runtime/operation.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { caseKind } from './case-kind.ts'
import { ChanIterator } from './chan-iterator.ts'
import { refuseMax } from './receive-many.ts'
import type { ReceiveChan, SendChan } from './types.ts'

class NeverChan implements SendChan<unknown>, ReceiveChan<never> {
  readonly length = 0
  readonly capacity = 0

  /** @internal */
  get [caseKind](): 'never' {
    return 'never'
  }

  send(_value: unknown, ctx?: Cancel): Operation<void> {
    return blockForEver(WaitReason.chanSendNil, ctx)
  }

  trySend(_value: unknown): boolean {
    return false
  }

  sendMany(_values: Iterable<unknown>, ctx?: Cancel): Operation<void> {
    return blockForEver(WaitReason.chanSendNil, ctx)
  }

  receive(ctx?: Cancel): Operation<undefined> {
    return blockForEver(WaitReason.chanReceiveNil, ctx)
  }

  next(ctx?: Cancel): Operation<IteratorResult<never, undefined>> {
    return blockForEver(WaitReason.chanReceiveNil, ctx)
  }

  tryReceive(): undefined {
    return undefined
  }

  receiveMany(max?: number | Cancel, ctx?: Cancel): Operation<never[]> {
    if (typeof max === 'object') return blockForEver(WaitReason.chanReceiveNil, max)
    const refusal = refuseMax(max)
    return refusal === undefined ? blockForEver(WaitReason.chanReceiveNil, ctx) : fail(refusal)
  }

  close(): never {
    throw new PanicError('ERR_CLOSE_NIL')
  }

  [Symbol.asyncIterator](): AsyncIterator<never, undefined> {
    return new ChanIterator<never>(this)
  }
}

function blockForEver(reason: WaitReason, ctx: Cancel | undefined): Operation<never> {
  if (isInterrupted()) return neverEnding(reason)
  const source = ctx === undefined ? null : cancelSourceOf(ctx)
  if (source !== null && source.error !== undefined) return fail(source.error)
  return parkUnder(new Waiter(reason, undefined, undefined), source)
}

/** The nil channel: sending and receiving block for ever, closing panics. Fits any `Chan<T>`. */
export const never: SendChan<unknown> & ReceiveChan<never> = new NeverChan()
