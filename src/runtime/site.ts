// Where a goroutine was made or blocks: the stack of the caller, formatted at once (an unformatted one retains its
// receivers), without the frames of this package.

// Registered like the runtime itself (runtime.ts): the frames of another copy of the package are none of the user's.
const key: unique symbol = Symbol.for('warren.roots')
const registry = globalThis as { [key]?: string[] }

registry[key] ??= []
const internalRoots: string[] = registry[key]
internalRoots.push(...rootsOfThisPackage())

/** What V8 tells of a frame, as far as it costs little. */
export interface Frame {
  getFileName(): string | null
  getPosition(): number
  getFunctionName(): string | null
  isEval(): boolean
  isAsync(): boolean
  /** Not null where an element of `Promise.all` and its like is awaited. */
  getPromiseIndex(): number | null
}

interface StackErrors {
  stackTraceLimit?: number
  prepareStackTrace?: ((error: Error, frames: Frame[]) => unknown) | undefined
}

const maxFrames = 24

// A program waits at few places, many times, and to format a stack is dear (with source maps 10 microseconds and more):
// so it is done once for each stack, as told by the positions of its frames.
const maxKnownSites = 10_000
const knownSites = new Map<string, string | undefined>()
let positions = ''

function notePositions(_error: Error, frames: Frame[]): string {
  positions = ''
  for (const frame of frames) positions += `${frame.getFileName()}:${frame.getPosition()} `
  // Two pieces of evaluated code may have the same positions.
  if (frames.some((frame) => frame.isEval())) positions = ''
  return ''
}

/** Shows `inspect` the frames of the current stack, `limit` of them at most. */
export function inspectStack(limit: number, inspect: (frames: readonly Frame[]) => void): void {
  const errors = Error as unknown as StackErrors
  const { stackTraceLimit, prepareStackTrace } = errors
  errors.stackTraceLimit = limit
  errors.prepareStackTrace = (_error, frames) => {
    inspect(frames)
    return ''
  }
  void new Error().stack
  errors.prepareStackTrace = prepareStackTrace
  errors.stackTraceLimit = stackTraceLimit!
}

/** Tells the current stack from others, by the positions of its frames; '' where these do not. */
export function stackKey(limit: number): string {
  const errors = Error as unknown as StackErrors
  const { stackTraceLimit, prepareStackTrace } = errors
  errors.stackTraceLimit = limit
  errors.prepareStackTrace = notePositions
  positions = ''
  void new Error().stack
  errors.prepareStackTrace = prepareStackTrace
  errors.stackTraceLimit = stackTraceLimit!
  return positions
}

/** The user's frames of the current stack, innermost first, in the form of Go's traces. */
export function currentSite(): string | undefined {
  const errors = Error as unknown as StackErrors
  const { stackTraceLimit } = errors
  const key = stackKey(maxFrames)
  let site = knownSites.get(key)
  if (site === undefined && !knownSites.has(key)) {
    errors.stackTraceLimit = maxFrames
    site = formatFrames(new Error().stack ?? '')
    if (knownSites.size >= maxKnownSites) knownSites.clear()
    if (key !== '') knownSites.set(key, site)
    errors.stackTraceLimit = stackTraceLimit!
  }
  return site
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

/** Go's last line of a goroutine: which function started it, and where; and which goroutine, if that is to be said. */
export function formatCreation(createdAt: string, parentId: number | undefined): string {
  const [name, place] = createdAt.split('\n', 2)
  const parent = parentId === undefined ? '' : ` in goroutine ${parentId}`
  return `created by ${name!.replace(/\(\.\.\.\)$/, '')}${parent}\n${place}`
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

/** Whether a place is in this package. */
export function isInternal(place: string): boolean {
  return internalRoots.some((root) => place.startsWith(root))
}

// As a URL and as a path. In a bundle all frames share one file: then none is taken for internal.
function rootsOfThisPackage(): string[] {
  if (!/\/runtime\/site\.[jt]s$/.test(import.meta.url)) return []
  const { href, pathname } = new URL('..', import.meta.url)
  return [href, pathname]
}
