// While there are bubbles, JavaScript's own time goes through here: inside a bubble it is the bubble's, outside it is what
// it was. So does `Math.random`, for the sake of determinism. Replaced are the globals and what `node:timers` and
// `node:timers/promises` export.
//
// Invariants
// * Whoever calls from outside every bubble gets exactly the original.
// * When the last bubble has ended each property is as it was, unless somebody else has replaced it in between.
// * There is one replacement of an original, for ever: somebody who keeps it, and puts it back when we have gone (fake
//   timers do), has put back something that works.
import { nodeModule } from './node.ts'
import {
  abortSignalTimeout,
  bubbleDate,
  bubbleDateNow,
  bubbleHrtime,
  bubbleTemporalNow,
  type Temporal,
} from './patched-time.ts'
import { promiseTimerWrappers, schedulerWrappers, timerWrappers } from './patched-timers.ts'
import { currentBubble } from './virtual-world.ts'

type Bag = Record<string | symbol, unknown>
type Wrap = (original: never) => object
type NumberSource = () => number

const replacements = new WeakMap<object, object>()
const isReplacement = new WeakSet<object>()

let count = 0
let undo: (() => void)[] = []

function replacementOf(original: object, wrap: Wrap): object {
  let ours = replacements.get(original)
  if (ours === undefined) {
    ours = wrap(original as never)
    replacements.set(original, ours)
    isReplacement.add(ours)
  }
  return ours
}

function replace(target: object, name: string, wrap: Wrap): void {
  const before = Object.getOwnPropertyDescriptor(target, name)
  const original = (target as Bag)[name] as object | undefined
  if (original === undefined || isReplacement.has(original)) return
  const ours = replacementOf(original, wrap)
  Object.defineProperty(target, name, {
    value: ours,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  })
  undo.push(() => {
    if ((target as Bag)[name] !== ours) return
    if (before === undefined) delete (target as Bag)[name]
    else Object.defineProperty(target, name, before)
  })
}

function replaceAll(target: object, wraps: Record<string, Wrap>): void {
  for (const [name, wrap] of Object.entries(wraps)) replace(target, name, wrap)
}

function install(): void {
  replaceAll(globalThis, timerWrappers)
  replace(globalThis.Date, 'now', bubbleDateNow)
  // Whoever asks whether `constructor` is Date means the one that there is now.
  replace(globalThis.Date.prototype, 'constructor', bubbleDate)
  replace(globalThis, 'Date', bubbleDate)
  replace(globalThis.performance, 'now', (original: NumberSource) => {
    const real = original.bind(globalThis.performance)
    return () => currentBubble()?.clock.now() ?? real()
  })
  replace(globalThis.Math, 'random', (original: NumberSource) => () => currentBubble()?.numbers.random() ?? original())
  replace(AbortSignal, 'timeout', abortSignalTimeout)
  replace(process, 'hrtime', bubbleHrtime)
  const { Temporal: temporal } = globalThis as { Temporal?: Temporal }
  if (temporal !== undefined) replaceAll(temporal.Now, bubbleTemporalNow(temporal))
  replaceAll(nodeModule('timers'), timerWrappers)
  const promises = nodeModule('timers/promises')
  replaceAll(promises, promiseTimerWrappers)
  replaceAll(promises['scheduler'] as object, schedulerWrappers)
  nodeModule('module').syncBuiltinESMExports()
}

/** One more bubble exists; the result takes it away again. */
export function patchTime(): () => void {
  if (count++ === 0) install()
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    if (--count > 0) return
    for (const restore of undo.reverse()) restore()
    undo = []
    nodeModule('module').syncBuiltinESMExports()
  }
}
