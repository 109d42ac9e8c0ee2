// The goroutine dump, in Go's form.
import type { GoroutineRecord, Resource } from './goroutine-record.ts'
import { currentSite, formatCreation } from './site.ts'
import { findCycles, formatGoroutine, formatResource } from './wait-for.ts'
import { isParked, WaitReason as Reason, type WaitReason, waitReasonText } from './wait-reason.ts'

const minuteMs = 60_000

/** More than this many are counted, not listed: the text must fit into a string. */
const maxListed = 100_000

export interface DumpInput {
  readonly records: readonly GoroutineRecord[]
  /** The goroutine that asks, if it is one. */
  readonly running: GoroutineRecord | undefined
  /** The runtime's time, in milliseconds. */
  readonly now: number
  /** How many awaiting waits there are, by reason, where some of them have no known owner. */
  readonly awaiting: readonly number[] | undefined
}

/** The goroutines in the order of their ids, below the cycles among them, and above the waits without an owner. */
export function formatDump({ records, running, now, awaiting }: DumpInput): string {
  const sorted = [...records].sort((a, b) => a.id - b.id)
  const parts = findCycles(sorted)
  for (const record of sorted.slice(0, maxListed)) parts.push(formatRecord(record, record === running, now))
  if (sorted.length > maxListed) parts.push(`...and ${sorted.length - maxListed} more goroutines`)
  const unowned = awaiting === undefined ? '' : formatAwaiting(awaiting)
  if (unowned !== '') parts.push(unowned)
  return parts.join('\n\n')
}

/**
 * What the goroutine is doing. The runtime does not see an async goroutine wait for a promise that is not its own: so
 * one that counts as running, while another runs or none, waits for such a promise.
 */
export function stateOf(record: GoroutineRecord, isRunning: boolean): WaitReason {
  if (isRunning) return Reason.running
  return record.reason === Reason.running ? Reason.io : record.reason
}

function formatRecord(record: GoroutineRecord, isRunning: boolean, now: number): string {
  const state = stateOf(record, isRunning)
  const isKnownWait = isParked(record.reason) && !isRunning
  const minutes = isKnownWait && record.since > 0 ? Math.floor((now - record.since) / minuteMs) : 0
  const lines = [`goroutine ${record.id} [${waitReasonText(state)}${minutes < 1 ? '' : `, ${minutes} minutes`}]:`]
  const site = isRunning ? currentSite() : isKnownWait ? record.blockedAt : undefined
  lines.push(site ?? `${record.name || '(anonymous)'}(...)\n\tsite not recorded`)
  if (isKnownWait && record.waitsFor !== null) lines.push(formatWait(record.waitsFor))
  if (record.createdAt !== undefined) lines.push(formatCreation(record.createdAt, record.parentId))
  return lines.join('\n')
}

function formatWait(resource: Resource): string {
  const holders = [...resource.holders].map((holder) =>
    holder.reason === Reason.dead ? `${formatGoroutine(holder)}, which has ended` : formatGoroutine(holder),
  )
  return `waits for ${formatResource(resource)}${holders.length === 0 ? '' : `, held by ${holders.join(', ')}`}`
}

function formatAwaiting(awaiting: readonly number[]): string {
  const counts = awaiting.flatMap((count, reason) =>
    count > 0 && reason !== Reason.runnable ? [`${count} ${waitReasonText(reason as WaitReason)}`] : [],
  )
  if (counts.length === 0) return ''
  return `awaiting: ${counts.join(', ')} (set WARREN_DEBUG=1 to see which goroutine, and where)`
}
