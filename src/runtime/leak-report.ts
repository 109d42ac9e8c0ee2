// Leaked goroutines in the form of Go's dumps. Those that wait for the same reason at the same place, and were started at
// the same place, are one group with a count: a leak in a loop is one leak.
import { formatCreation } from './site.ts'

/** A goroutine that has not ended, and whether it is proven that it never will. */
export interface LeftGoroutine {
  readonly proven: boolean
  readonly goroutine: {
    readonly name: string
    readonly parentId: number
    /** What it waits for, in Go's words. */
    readonly state: string
    readonly createdAt: string | undefined
    readonly blockedAt: string | undefined
  }
}

/** The groups, proven ones first and large ones first among those; '' when there are none. No newline at the end. */
export function formatLeft(left: readonly LeftGoroutine[]): string {
  const groups = new Map<string, LeftGoroutine[]>()
  for (const item of left) {
    const { name, state, createdAt, blockedAt } = item.goroutine
    const key = JSON.stringify([item.proven, state, createdAt, blockedAt, createdAt === undefined ? name : ''])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
    .sort((a, b) => Number(b[0]!.proven) - Number(a[0]!.proven) || b.length - a.length)
    .map(formatGroup)
    .join('\n\n')
}

function formatGroup(group: readonly LeftGoroutine[]): string {
  const { proven, goroutine } = group[0]!
  const count = group.length === 1 ? '1 goroutine' : `${group.length} goroutines`
  const verdict = proven ? 'can never run again' : group.length === 1 ? 'has not ended' : 'have not ended'
  const lines = [`${count} ${proven ? 'leaked' : 'left'} [${goroutine.state}]: ${verdict}`]
  lines.push(goroutine.blockedAt ?? `${goroutine.name || '(anonymous)'}(...)\n\tsite not recorded`)
  if (goroutine.createdAt !== undefined) lines.push(formatCreation(goroutine.createdAt, commonParent(group)))
  return lines.join('\n')
}

/** The goroutine that started all of them, if it is one. */
function commonParent(group: readonly LeftGoroutine[]): number | undefined {
  const { parentId } = group[0]!.goroutine
  return group.every(({ goroutine }) => goroutine.parentId === parentId) ? parentId : undefined
}
