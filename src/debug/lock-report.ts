// What is told of a deadlock, or of one that may happen, as data and in the words of the dump.

import { scheduler } from '../runtime/runtime.ts'
import { formatGoroutine, formatResource } from '../runtime/wait-for.ts'
import type { HeldResource } from './goroutines.ts'
import type { Link } from './lock-cycle.ts'
import type { LockUse, Witness } from './lock-order.ts'

/** A goroutine of a report, and what it does with two locks. */
export interface LockStep {
  /** The number of the goroutine. */
  readonly goroutine: number
  /** The name of its function, or ''. */
  readonly name: string
  /** The lock that it holds, by its place in `locks`. */
  readonly holds: number
  /** The stack that took it. */
  readonly heldAt: string | undefined
  /** The lock that it asks for, by its place in `locks`. */
  readonly asks: number
  /** The stack that asks. */
  readonly askedAt: string | undefined
}

/** What {@link watchLocks} found. */
export interface LockReport {
  /** `cycle`: a deadlock that is there now. `lock-order`: one that did not happen this time. */
  readonly kind: 'cycle' | 'lock-order'
  /** All of it in words, as the default handler prints it; without a newline at its end. */
  readonly text: string
  /** Who takes part; each asks for what the next one holds. */
  readonly goroutines: readonly LockStep[]
  readonly locks: readonly Omit<HeldResource, 'holders'>[]
}

interface Step {
  readonly record: { readonly id: number; readonly name: string }
  readonly held: LockUse
  readonly asked: LockUse
}

export function reportCycle(cycle: readonly Link[], mayGoOn: boolean): LockReport {
  // As a dump begins it, which numbers locks in the order in which it first names them, as everything does.
  const first = cycle.reduce((least, { record }, i) => (record.id < cycle[least]!.record.id ? i : least), 0)
  const steps = [...cycle.slice(first), ...cycle.slice(0, first)]
  const lines = steps.map(({ record, asked, held }, i) => {
    const holder = steps[(i + 1) % steps.length]!
    const by = holder.record === record ? 'which it holds itself' : `held by ${formatGoroutine(holder.record)}`
    return (
      `  ${formatGoroutine(record)} waits for ${formatResource(asked.lock)}, ${by}${at('asked for', asked)}` +
      `${at(`it holds ${formatResource(held.lock)}, taken`, held)}`
    )
  })
  const doubt = mayGoOn ? '\n  (unless an async function was called there without await)' : ''
  return report('cycle', `deadlock: wait-for cycle:\n${lines.join('\n')}${doubt}`, steps)
}

export function reportOrder(cycle: readonly Witness[]): LockReport {
  const isReadAgain = cycle.length === 1
  const title = isReadAgain
    ? 'possible deadlock: a reader reads again; a writer that asks in between stops both'
    : 'possible deadlock: locks are taken in different orders'
  const lines = cycle.map(
    ({ record, held, asked }) =>
      `  ${formatGoroutine(record)} held ${sideOf(held)} and asked for ${sideOf(asked)}` +
      `${at('held', held)}${at('asked for', asked)}`,
  )
  return report('lock-order', `${title}:\n${lines.join('\n')}`, cycle)
}

function report(kind: LockReport['kind'], text: string, steps: readonly Step[]): LockReport {
  const locks: LockUse[] = []
  const indexOf = (use: LockUse): number => {
    const index = locks.findIndex(({ key }) => key === use.key)
    return index >= 0 ? index : locks.push(use) - 1
  }
  const goroutines = steps.map(({ record, held, asked }) => ({
    goroutine: record.id,
    name: record.name,
    holds: indexOf(held),
    heldAt: held.site,
    asks: indexOf(asked),
    askedAt: asked.site,
  }))
  return { kind, text, goroutines, locks: locks.map(({ lock }) => ({ kind: lock.kind, id: lock.id })) }
}

export function printReport({ text }: LockReport): void {
  scheduler.host.writeError(`${text}\n`)
}

function sideOf(use: LockUse): string {
  return `${formatResource(use.lock)}${use.isShared ? ' (to read)' : ''}`
}

function at(what: string, { site }: LockUse): string {
  if (site === undefined) return ''
  const [name = '', place = ''] = site.split('\n', 2)
  return `\n    ${what} at ${place.trim()} (${name.replace(/\(\.\.\.\)$/, '')})`
}
