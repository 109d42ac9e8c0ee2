// The goroutine dump, in Go's form.
import type { GoroutineRecord, Resource } from './goroutine-record.ts'
import type { Scheduler } from './scheduler.ts'
import { findCycle } from './wait-for.ts'
import { isParked, WaitReason as Reason, type WaitReason, waitReasonText } from './wait-reason.ts'

const minuteMs = 60_000

/** All live goroutines, oldest first, then what is known about waits without an owner and about cycles. */
export function formatDump(scheduler: Scheduler): string {
  const now = scheduler.clock.now()
  const records = [...scheduler.table].sort((a, b) => a.id - b.id)
  const parts = records.map((record) => formatRecord(record, now))
  const cycle = findCycle(records)
  if (cycle !== undefined) parts.unshift(cycle)
  const unowned = formatUnowned(scheduler)
  if (unowned !== undefined) parts.push(unowned)
  return parts.join('\n\n')
}

function formatRecord(record: GoroutineRecord, now: number): string {
  const parked = isParked(record.reason)
  const minutes = parked && record.since > 0 ? Math.floor((now - record.since) / minuteMs) : 0
  const duration = minutes < 1 ? '' : minutes === 1 ? ', 1 minutes' : `, ${minutes} minutes`
  const name = record.name === '' ? '' : `${record.name}: `
  const lines = [`goroutine ${record.id} [${waitReasonText(record.reason)}${duration}]:`]
  lines.push(parked && record.blockedAt !== undefined ? record.blockedAt : `${name}site not recorded`)
  if (record.waitsFor !== null) lines.push(formatWait(record.waitsFor))
  if (record.createdAt !== undefined) lines.push(`created by ${record.createdAt} in goroutine ${record.parentId}`)
  return lines.join('\n')
}

function formatWait(resource: Resource): string {
  const holders = [...resource.holders].map((holder) => `goroutine ${holder.id}`)
  const held = holders.length === 0 ? '' : `, held by ${holders.join(', ')}`
  return `waits for ${resource.kind} ${resource.id}${held}`
}

/** Awaiting waits whose goroutine is not tracked, by reason. */
function formatUnowned(scheduler: Scheduler): string | undefined {
  if (scheduler.identity !== null) return undefined
  const counts = scheduler.unownedWaits.flatMap((count, reason) =>
    count > 0 && reason !== Reason.runnable ? [`${count} ${waitReasonText(reason as WaitReason)}`] : [],
  )
  if (counts.length === 0) return undefined
  return `awaiting: ${counts.join(', ')} (set WARREN_DEBUG=1 to see which goroutine, and where)`
}
