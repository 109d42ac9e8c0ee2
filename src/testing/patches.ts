// While there are bubbles, JavaScript's own time goes through here: inside a bubble it is the bubble's, outside it is what
// it was. Replaced are the globals and what `node:timers` and `node:timers/promises` export.
//
// Invariants
// * Whoever calls from outside every bubble gets exactly the original.
// * When the last bubble has ended each property is as it was, unless somebody else has replaced it in between.
import { BubbleImmediate, BubbleTimeout, bubbleTimeoutOf } from './host-timers.ts'
import { nodeModule } from './node.ts'
import { abortableWait, abortSignalTimeout, bubbleDate } from './patched-time.ts'
import { currentBubble, type VirtualWorld } from './virtual-world.ts'

type Fn = (...args: unknown[]) => unknown
type Bag = Record<string | symbol, unknown>

const promisified = Symbol.for('nodejs.util.promisify.custom')

function timerMaker(original: Fn, make: (world: VirtualWorld, fn: () => void, delay: unknown) => unknown): Fn {
  return function patched(this: unknown, ...args: unknown[]): unknown {
    const [callback, delay, ...rest] = args
    const world = currentBubble()
    if (world === null || typeof callback !== 'function') return Reflect.apply(original, this, args)
    return make(world, () => void (callback as Fn)(...rest), delay)
  }
}

const wrappers: Record<string, (original: Fn) => Fn> = {
  setTimeout: (original) =>
    Object.assign(
      timerMaker(original, (world, fn, delay) => new BubbleTimeout(world, fn, delay, false)),
      { [promisified]: promiseTimer((original as unknown as Bag)[promisified] as Fn, waitTimeout) },
    ),
  setInterval: (original) => timerMaker(original, (world, fn, delay) => new BubbleTimeout(world, fn, delay, true)),
  setImmediate: (original) =>
    Object.assign(
      // All that follows the callback is an argument of it: there is no delay.
      function patched(this: unknown, ...args: unknown[]): unknown {
        const [callback, ...rest] = args
        const world = currentBubble()
        if (world === null || typeof callback !== 'function') return Reflect.apply(original, this, args)
        return new BubbleImmediate(world, () => void (callback as Fn)(...rest))
      },
      { [promisified]: promiseTimer((original as unknown as Bag)[promisified] as Fn, waitImmediate) },
    ),
  clearTimeout: clearer,
  clearInterval: clearer,
  clearImmediate: (original) =>
    function patched(this: unknown, ...args: unknown[]): unknown {
      return args[0] instanceof BubbleImmediate ? args[0].close() : Reflect.apply(original, this, args)
    },
}

function clearer(original: Fn): Fn {
  return function patched(this: unknown, ...args: unknown[]): unknown {
    const timer = bubbleTimeoutOf(args[0])
    return timer === undefined ? Reflect.apply(original, this, args) : void timer.close()
  }
}

/** `timers/promises`: an original takes its arguments, ours a wait that can be aborted. */
function promiseTimer(original: Fn, start: (world: VirtualWorld, args: unknown[]) => unknown): Fn {
  return function patched(this: unknown, ...args: unknown[]): unknown {
    const world = currentBubble()
    return world === null ? Reflect.apply(original, this, args) : start(world, args)
  }
}

function waitTimeout(world: VirtualWorld, [delay, value, options]: unknown[]): Promise<unknown> {
  return abortableWait(value, options, (done) => new BubbleTimeout(world, done, delay, false))
}

function waitImmediate(world: VirtualWorld, [value, options]: unknown[]): Promise<unknown> {
  return abortableWait(value, options, (done) => new BubbleImmediate(world, done))
}

const promiseWrappers: Record<string, (original: Fn) => Fn> = {
  setTimeout: (original) => promiseTimer(original, waitTimeout),
  setImmediate: (original) => promiseTimer(original, waitImmediate),
}

let count = 0
let undo: (() => void)[] = []

function replace(target: object, name: string, wrap: (original: never) => unknown): void {
  const before = Object.getOwnPropertyDescriptor(target, name)
  const original = (target as Bag)[name]
  if (original === undefined) return
  const ours = wrap(original as never)
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

function install(): void {
  for (const [name, wrap] of Object.entries(wrappers)) replace(globalThis, name, wrap)
  replace(globalThis, 'Date', bubbleDate)
  replace(globalThis.performance, 'now', (original: Fn) => {
    const real = original.bind(globalThis.performance)
    return () => currentBubble()?.clock.now() ?? real()
  })
  replace(AbortSignal, 'timeout', abortSignalTimeout)
  for (const [name, wrap] of Object.entries(wrappers)) replace(nodeModule('timers'), name, wrap)
  for (const [name, wrap] of Object.entries(promiseWrappers)) replace(nodeModule('timers/promises'), name, wrap)
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
