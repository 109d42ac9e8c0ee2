// select: exactly one of several channel operations, and nothing of the others.
//
// It polls all cases in one synchronous step and picks among the ready ones; else it links one waiter per case into the
// channels' queues, siblings of each other, and whichever is claimed first unlinks the rest in the same step
// (waiter.ts). After Go's `selectgo` (runtime/select.go); one thread needs none of its lock order.
import { invalidType, outOfRange, requireObject } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, type CancelSource, cancelSource, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { kindOf } from './case-kind.ts'
import type { Channel } from './chan.ts'
import { polls } from './polls.ts'
import { type Cases, type Picked, type SelectCase, SendCase } from './select-types.ts'
import type { SendChan } from './types.ts'

export interface SelectOptions {
  /** Ends the select with the context's error. */
  readonly ctx?: Cancel | undefined
  /** Among several ready cases: a uniformly random one (the default), or the first in the order they are listed. */
  readonly order?: 'random' | 'listed' | undefined
}

/**
 * Waits until one of the cases can go on, does that one, and returns which: `{ case, ok, value }`.
 *
 * *Blocking*: until a case is ready; for ever if all are null. *Cancellation*: nothing is taken and nothing sent; a case
 * that was not picked never holds a value. *Ordering*: as for the picked operation.
 * @param cases a record of name -> channel to receive from, {@link sending}, or null (never ready); or an array.
 * @throws {PanicError} `ERR_SEND_CLOSED` when it picks a send on a closed channel; `ERR_INVALID_ARG_TYPE` for a case
 * that is none; `ERR_OUT_OF_RANGE` for an integer-like name, which JavaScript would reorder.
 * @throws {ContextError} when `options.ctx` ends first.
 * @example
 * const ch = chan<number>(1)
 * await ch.send(7)
 * const picked = await select({ value: ch, timeout: after(1000) })
 * if (picked.case === 'value' && picked.ok) console.log(picked.value) // 7
 */
export function select<const C extends Cases>(cases: C, options?: SelectOptions): Operation<Picked<C>> {
  if (isInterrupted()) return neverEnding(WaitReason.select)
  let source: CancelSource | null = null
  let list: readonly SelectCase[]
  try {
    list = listOf(cases)
    if (options !== undefined) requireOptions(options)
    if (options?.ctx !== undefined) source = cancelSourceOf(options.ctx)
    const before = polls.count
    const ready = source?.error === undefined ? pickReady(cases, list, options?.order) : -1
    if (source?.error !== undefined) throw source.error
    if (ready >= 0) {
      const picked = perform(list[ready]!, nameOf(cases, ready)) as Picked<C>
      if (polls.count !== before) leaveBe(list)
      return settle(picked)
    }
  } catch (error) {
    return fail(error)
  }
  return parkUnder(enqueue(cases, list, options?.order !== 'listed'), source)
}

/**
 * A select with a default: does one of the cases that can go on now, or returns undefined. Never waits.
 * @throws like {@link select}.
 */
export function trySelect<const C extends Cases>(cases: C): Picked<C> | undefined {
  const list = listOf(cases)
  const before = polls.count
  const ready = pickReady(cases, list, 'random')
  const picked = ready < 0 ? undefined : (perform(list[ready]!, nameOf(cases, ready)) as Picked<C>)
  if (polls.count !== before) leaveBe(list)
  return picked
}

/** The case of a select that sends `value` on `channel`. */
export function sending<T>(channel: SendChan<T>, value: T): SendCase {
  const kind = kindOf(channel)
  if (kind !== 'channel' && kind !== 'never') {
    throw invalidType('the channel of sending()', 'a channel', channel)
  }
  return new SendCase(channel, value)
}

// A context in their place would be ignored, and the select would never end.
function requireOptions(options: unknown): void {
  const isContext = typeof options === 'object' && options !== null && (cancelSource in options || 'aborted' in options)
  if (isContext) throw invalidType('options', 'an object like { ctx }', options)
  requireObject('options', options)
}

function listOf(cases: Cases): readonly SelectCase[] {
  if (Array.isArray(cases)) return cases
  if (typeof cases !== 'object' || cases === null || kindOf(cases) !== undefined)
    throw invalidType('cases', 'a record or an array', cases)
  return Object.values(cases as { readonly [name: string]: SelectCase })
}

function nameOf(cases: Cases, index: number): string | number {
  return Array.isArray(cases) ? index : Object.keys(cases)[index]!
}

/** The index of the case to perform now, or -1. Looks at every case, so that a wrong one is found on the first call. */
function pickReady(cases: Cases, list: readonly SelectCase[], order: SelectOptions['order']): number {
  if (!Array.isArray(cases) && list.length > 0) requireNames(cases)
  if (order !== undefined && order !== 'random' && order !== 'listed') {
    throw invalidType('order', "'random' or 'listed'", order)
  }
  const before = polls.count
  let count = 0
  let found = -1
  for (let i = 0; i < list.length; i++) {
    if (!isReady(list[i]!, cases, i)) continue
    count++
    if (found < 0) found = i
  }
  // A stage takes from its input to see whether it is ready: a channel that was may be so no more. Then all are asked again;
  // what a stage has taken it holds.
  if (count < 2 || order === 'listed') {
    const isCertain = found < 0 || polls.count === before || isReady(list[found]!, cases, found)
    return isCertain ? found : pickReady(cases, list, order)
  }
  let skip = scheduler.decisions.choose(count, 'select')
  for (let i = found; i < list.length; i++) {
    if (isReady(list[i]!, cases, i) && skip-- === 0) return i
  }
  return pickReady(cases, list, order)
}

/** Nobody waits for the cases that were looked at and not picked. */
function leaveBe(list: readonly SelectCase[]): void {
  for (const selectCase of list) {
    if (selectCase !== null && kindOf(selectCase) === 'channel') channelOf(selectCase).rest()
  }
}

function channelOf(selectCase: SelectCase): Channel<unknown> {
  return selectCase as Channel<unknown>
}

/** The channel that a send case sends on; undefined for the nil channel. */
function targetOf(selectCase: SelectCase): Channel<unknown> | undefined {
  const { channel } = selectCase as SendCase
  return kindOf(channel) === 'channel' ? (channel as unknown as Channel<unknown>) : undefined
}

function isReady(selectCase: SelectCase, cases: Cases, index: number): boolean {
  if (selectCase === null) return false
  const kind = kindOf(selectCase)
  if (kind === 'channel') return channelOf(selectCase).canReceive() || channelOf(selectCase).closed
  if (kind === 'send') return targetOf(selectCase)?.canSend() === true
  if (kind === 'never') return false
  throw invalidType(`case ${String(nameOf(cases, index))} of a select`, 'a channel, sending() or null', selectCase)
}

// JavaScript lists integer-like keys first, whatever their place in the source: so the first key tells.
function requireNames(cases: Cases): void {
  for (const name in cases) {
    const code = name.charCodeAt(0)
    if (code >= 48 && code <= 57 && String(Number(name)) === name) {
      throw outOfRange('the name of a case', 'no integer (JavaScript reorders those): use an array', name)
    }
    return
  }
}

/** Does what the case says; the caller has found it ready. */
function perform(selectCase: SelectCase, name: string | number): unknown {
  if (kindOf(selectCase) === 'send') {
    const { value } = selectCase as SendCase
    const channel = targetOf(selectCase)!
    if (channel.closed) throw new PanicError('ERR_SEND_CLOSED', { value })
    channel.put(value)
    return { case: name, value: undefined, ok: true }
  }
  const channel = channelOf(selectCase)
  if (channel.canReceive()) return { case: name, value: channel.take(), ok: true }
  if (scheduler.hooks !== null) scheduler.hooks.order?.(channel, scheduler.currentRecord())
  if (channel.failure !== null) throw channel.failure.error
  return { case: name, value: undefined, ok: false }
}

/** Links a waiter per case, siblings of the first, and returns that. */
function enqueue(cases: Cases, list: readonly SelectCase[], shuffles: boolean): Waiter {
  const names = Array.isArray(cases) ? null : Object.keys(cases)
  let root: Waiter | null = null
  for (let i = 0; i < list.length; i++) {
    const selectCase = list[i]!
    const kind = kindOf(selectCase)
    if (kind !== 'channel' && kind !== 'send') continue
    const name = names === null ? i : names[i]
    let waiter: Waiter
    if (kind === 'send') {
      const channel = targetOf(selectCase)
      if (channel === undefined) continue
      waiter = new Waiter(WaitReason.select, (selectCase as SendCase).value, name)
      channel.senders.push(waiter)
    } else {
      waiter = new Waiter(WaitReason.select, undefined, name)
      channelOf(selectCase).receivers.push(waiter)
    }
    if (root === null) {
      root = waiter
    } else {
      root.addSibling(waiter)
      if (shuffles && waiter.before!.root === root) placeAtRandom(waiter)
    }
  }
  return root ?? new Waiter(WaitReason.selectNoCases, undefined, undefined)
}

// Two cases of one select on the same channel: whoever comes to the channel takes the first that it finds. So a new one
// changes places with a random one of its kind, or with none (Fisher and Yates, inside out).
function placeAtRandom(waiter: Waiter): void {
  let count = 1
  for (let other = waiter.before!; other !== waiter && other.root === waiter.root; other = other.before!) count++
  let other = waiter
  for (let steps = scheduler.decisions.choose(count, 'select'); steps > 0; steps--) other = other.before!
  const { tag, value } = other
  other.tag = waiter.tag
  other.value = waiter.value
  waiter.tag = tag
  waiter.value = value
}
