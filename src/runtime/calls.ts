// Which functions the current code was called by, and which await it: V8's stacks follow `await` back to the first
// function of an async goroutine. That is how to tell, of code that runs in the name of a goroutine, whether the goroutine
// waits for it, or has left it to itself: an event handler, a call that was not awaited, one of several in `Promise.all`.
import { currentSite, type Frame, inspectStack, isInternal, stackKey } from './site.ts'

export interface Calls {
  /** As of `currentSite`. */
  readonly site: string | undefined
  /** The user's functions, by file and name, innermost first; then those that await them. */
  readonly functions: readonly string[]
  /** How many of them, from the first, run now. All but the last of these were called since the last await. */
  readonly running: number
  /** Whether the last one is the goroutine's own function, and all others are awaited by the next. */
  readonly isAwaited: boolean
}

/** Where an async goroutine awaits its body (goroutine.ts). */
const rootFunction = 'warrenGoroutineRoot'
/** Of longer stacks nothing is known. */
const maxFrames = 48
const maxKnown = 10_000
const known = new Map<string, Calls>()

/** `isStarting`: whether this is the first part of the goroutine's function, before any await. */
export function currentCalls(isStarting: boolean): Calls {
  const positions = stackKey(maxFrames)
  const key = isStarting ? `starting ${positions}` : positions
  let calls = known.get(key)
  if (calls === undefined) {
    calls = describe(isStarting)
    if (known.size >= maxKnown) known.clear()
    if (positions !== '') known.set(key, calls)
  }
  return calls
}

function describe(isStarting: boolean): Calls {
  const functions: string[] = []
  let running = 0
  let isRooted = isStarting
  let isOneOfSeveral = false
  inspectStack(maxFrames, (frames) => {
    for (const frame of frames) {
      const isAsync = frame.isAsync()
      if (isAsync && frame.getPromiseIndex() !== null) isOneOfSeveral = true
      if (isAsync && frame.getFunctionName() === rootFunction) isRooted = true
      if (!isUsers(frame)) continue
      functions.push(`${frame.getFileName()} ${frame.getFunctionName()}`)
      if (!isAsync) running++
    }
  })
  return { site: currentSite(), functions, running, isAwaited: isRooted && !isOneOfSeveral }
}

function isUsers(frame: Frame): boolean {
  const file = frame.getFileName()
  return file !== null && !file.startsWith('node:') && !isInternal(file)
}
