// Where a goroutine was made or blocks: the stack of the caller, formatted at once (an unformatted one retains its
// receivers), without the frames of this package.

// Registered like the runtime itself (runtime.ts): the frames of another copy of the package are none of the user's.
const key: unique symbol = Symbol.for('warren.roots')
const registry = globalThis as { [key]?: string[] }

registry[key] ??= []
const internalRoots: string[] = registry[key]
internalRoots.push(...rootsOfThisPackage())

/** The user's frames of the current stack, innermost first, in the form of Go's traces. */
export function currentSite(): string | undefined {
  const errors = Error as { stackTraceLimit?: number }
  const limit = errors.stackTraceLimit
  errors.stackTraceLimit = 24
  const stack = new Error().stack
  errors.stackTraceLimit = limit!
  return stack === undefined ? undefined : formatFrames(stack)
}

/** A V8 stack as Go prints one: the function on a line, its place indented below. */
export function formatFrames(stack: string): string | undefined {
  const lines: string[] = []
  for (const frame of stack.split('\n')) {
    // `at name (place)`, `at async name (place)`, or `at place`; a place ends in `:line:column`.
    const match = /^\s*at (?:async )?(?:(.*?) \()?(.*?:\d+:\d+)\)?$/.exec(frame)
    if (match === null) continue
    const [, name = '(anonymous)', place = ''] = match
    if (place.startsWith('node:') || isInternal(place)) continue
    lines.push(`${name === '<anonymous>' ? '(anonymous)' : name}(...)\n\t${pathOf(place)}`)
  }
  return lines.length === 0 ? undefined : lines.join('\n')
}

/** Go's last line of a goroutine: which function started it, and where. */
export function formatCreation(createdAt: string, parentId: number): string {
  const [name, place] = createdAt.split('\n', 2)
  return `created by ${name!.replace(/\(\.\.\.\)$/, '')} in goroutine ${parentId}\n${place}`
}

function pathOf(place: string): string {
  if (!place.startsWith('file:')) return place
  const path = place.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function isInternal(place: string): boolean {
  return internalRoots.some((root) => place.startsWith(root))
}

// As a URL and as a path. In a bundle all frames share one file: then none is taken for internal.
function rootsOfThisPackage(): string[] {
  if (!/\/runtime\/site\.[jt]s$/.test(import.meta.url)) return []
  const { href, pathname } = new URL('..', import.meta.url)
  return [href, pathname]
}
