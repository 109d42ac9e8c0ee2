// The wait-for graph of owned resources: a goroutine waits for a resource, which goroutines hold. A cycle is a deadlock
// for certain (Coffman's fourth condition, with single-unit resources), and names everybody in it.
import type { GoroutineRecord, Resource } from './goroutine-record.ts'
import { isParked } from './wait-reason.ts'

/** The cycles among `records`, in words; of cycles that share a goroutine, one. */
export function findCycles(records: readonly GoroutineRecord[]): string[] {
  const visited = new Set<GoroutineRecord>()
  return records.flatMap((record) => {
    const cycle = cycleFrom(record, visited)
    return cycle === undefined ? [] : [formatCycle(cycle)]
  })
}

/** `goroutine 7 (worker)`. */
export function formatGoroutine(record: Pick<GoroutineRecord, 'id' | 'name'>): string {
  return `goroutine ${record.id}${record.name === '' ? '' : ` (${record.name})`}`
}

/** `sync.Mutex 3`. */
export function formatResource(resource: Pick<Resource, 'kind' | 'id'>): string {
  return `${resource.kind} ${resource.id}`
}

// Depth first, on a stack of its own: a queue of 100,000 goroutines for as many locks is one long path.
function cycleFrom(start: GoroutineRecord, visited: Set<GoroutineRecord>): GoroutineRecord[] | undefined {
  const path: GoroutineRecord[] = []
  const onPath = new Set<GoroutineRecord>()
  const untried: GoroutineRecord[][] = [[start]]
  while (untried.length > 0) {
    const next = untried.at(-1)!.pop()
    if (next === undefined) {
      untried.pop()
      const left = path.pop()
      if (left !== undefined) onPath.delete(left)
    } else if (onPath.has(next)) {
      return path.slice(path.indexOf(next))
    } else if (!visited.has(next)) {
      visited.add(next)
      path.push(next)
      onPath.add(next)
      untried.push(isParked(next.reason) ? [...(next.waitsFor?.holders ?? [])] : [])
    }
  }
  return undefined
}

function formatCycle(cycle: readonly GoroutineRecord[]): string {
  const steps = cycle.map((record, index) => {
    const holder = cycle[(index + 1) % cycle.length]!
    const held = holder === record ? 'which it holds itself' : `held by ${formatGoroutine(holder)}`
    return `  ${formatGoroutine(record)} waits for ${formatResource(record.waitsFor!)}, ${held}`
  })
  return `wait-for cycle:\n${steps.join('\n')}`
}
