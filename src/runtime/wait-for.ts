// The wait-for graph of owned resources: a goroutine waits for a resource, which goroutines hold. A cycle is a deadlock
// for certain (Coffman's fourth condition, with single-unit resources), and names everybody in it.
import type { GoroutineRecord } from './goroutine-record.ts'

/** One cycle in words, or undefined. */
export function findCycle(records: readonly GoroutineRecord[]): string | undefined {
  const visited = new Set<GoroutineRecord>()
  for (const record of records) {
    const cycle = follow(record, [], visited)
    if (cycle !== undefined) return formatCycle(cycle)
  }
  return undefined
}

function follow(
  record: GoroutineRecord,
  path: GoroutineRecord[],
  visited: Set<GoroutineRecord>,
): GoroutineRecord[] | undefined {
  const start = path.indexOf(record)
  if (start >= 0) return path.slice(start)
  if (visited.has(record)) return undefined
  visited.add(record)
  for (const holder of record.waitsFor?.holders ?? []) {
    const cycle = follow(holder, [...path, record], visited)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

function formatCycle(cycle: readonly GoroutineRecord[]): string {
  const steps = cycle.map((record, index) => {
    const holder = cycle[(index + 1) % cycle.length]!
    return `  goroutine ${record.id}${record.name === '' ? '' : ` (${record.name})`} waits for ${record.waitsFor!.kind} ${record.waitsFor!.id}, held by goroutine ${holder.id}`
  })
  return `wait-for cycle:\n${steps.join('\n')}`
}
