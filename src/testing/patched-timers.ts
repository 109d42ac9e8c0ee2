// The functions that make and clear timers, those of a bubble for callers inside it.
import { BubbleImmediate, BubbleTimeout, bubbleTimeoutOf } from './host-timers.ts'
import { nodeModule } from './node.ts'
import { eachInterval, schedulerWait, schedulerYield, type Wait, waitImmediate, waitTimeout } from './promise-timers.ts'
import { currentBubble, type VirtualWorld } from './virtual-world.ts'

type Fn = (...args: unknown[]) => unknown
type Wrappers = Record<string, (original: Fn) => Fn>
type Make = (world: VirtualWorld, callback: Fn, args: unknown[]) => unknown

/** Called on the timer, as Node does. */
function withArguments(callback: Fn, args: unknown[]): (this: unknown) => void {
  return function run(this: unknown): void {
    callback.apply(this, args)
  }
}

function timerMaker(original: Fn, make: Make): Fn {
  return function patched(this: unknown, ...args: unknown[]): unknown {
    const [callback, ...rest] = args
    const world = currentBubble()
    if (world === null || typeof callback !== 'function') return Reflect.apply(original, this, args)
    return make(world, callback as Fn, rest)
  }
}

function promiseTimer(wait: Wait): (original: Fn) => Fn {
  return (original) =>
    function patched(this: unknown, ...args: unknown[]): unknown {
      const world = currentBubble()
      return world === null ? Reflect.apply(original, this, args) : wait(world, args)
    }
}

const promisified = Symbol.for('nodejs.util.promisify.custom')

/** `maker`, with what `util.promisify` makes of it. */
function promisifiable(maker: Fn, name: string): Fn {
  return Object.defineProperty(maker, promisified, { enumerable: true, get: () => nodeModule('timers/promises')[name] })
}

function clearer(original: Fn): Fn {
  return function patched(this: unknown, ...args: unknown[]): unknown {
    const timer = bubbleTimeoutOf(args[0])
    return timer === undefined ? Reflect.apply(original, this, args) : void timer.close()
  }
}

const maker =
  (isRepeated: boolean): Make =>
  (world, callback, [delay, ...args]) =>
    new BubbleTimeout(world, withArguments(callback, args), delay, isRepeated)

export const timerWrappers: Wrappers = {
  setTimeout: (original) => promisifiable(timerMaker(original, maker(false)), 'setTimeout'),
  setInterval: (original) => timerMaker(original, maker(true)),
  setImmediate: (original) =>
    promisifiable(
      timerMaker(original, (world, callback, args) => new BubbleImmediate(world, withArguments(callback, args))),
      'setImmediate',
    ),
  clearTimeout: clearer,
  clearInterval: clearer,
  clearImmediate: (original) =>
    function patched(this: unknown, ...args: unknown[]): unknown {
      return args[0] instanceof BubbleImmediate ? args[0].close() : Reflect.apply(original, this, args)
    },
}

/** Of `timers/promises`. */
export const promiseTimerWrappers: Wrappers = {
  setTimeout: promiseTimer(waitTimeout),
  setImmediate: promiseTimer(waitImmediate),
  setInterval: promiseTimer(eachInterval),
}

/** Of its `scheduler`. */
export const schedulerWrappers: Wrappers = { wait: promiseTimer(schedulerWait), yield: promiseTimer(schedulerYield) }
