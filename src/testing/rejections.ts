// A promise that is rejected in a bubble and that nobody handles: it fails the bubble at its end, and neither ends the
// process nor reaches the listeners of the program. The host tells of it after a turn of the event loop: when exactly, depends on
// real time, and so nothing else does.
//
// Invariant: while there are bubbles, the listeners that were there before are kept in `earlier`, and are called for whatever
// is rejected outside.
import { currentBubble, type VirtualWorld } from './virtual-world.ts'

type Listener = (reason: unknown, promise: Promise<unknown>) => void

interface Process {
  on(event: 'unhandledRejection', listener: Listener): void
  on(event: 'rejectionHandled', listener: (promise: Promise<unknown>) => void): void
  off(event: 'unhandledRejection', listener: Listener): void
  off(event: 'rejectionHandled', listener: (promise: Promise<unknown>) => void): void
  rawListeners(event: 'unhandledRejection'): Listener[]
}

/** Whose the rejections are that were told of. */
const owners = new WeakMap<Promise<unknown>, VirtualWorld>()
let watchers = 0
let earlier: Listener[] = []

function onRejection(reason: unknown, promise: Promise<unknown>): void {
  const bubble = currentBubble()
  if (bubble !== null) {
    bubble.reject(reason, promise)
    owners.set(promise, bubble)
    return
  }
  for (const listener of earlier) listener(reason, promise)
  // Without a listener it would be an uncaught exception, and so it is when one listener throws.
  if (earlier.length === 0 && hostProcess()!.rawListeners('unhandledRejection').length === 1) throw reason
}

function onHandled(promise: Promise<unknown>): void {
  owners.get(promise)?.forgive(promise)
}

function hostProcess(): Process | undefined {
  const { process } = globalThis as unknown as { process?: Process }
  return process?.rawListeners === undefined ? undefined : process
}

function start(process: Process): void {
  earlier = process.rawListeners('unhandledRejection')
  for (const listener of earlier) process.off('unhandledRejection', listener)
  process.on('unhandledRejection', onRejection)
  process.on('rejectionHandled', onHandled)
}

function stop(process: Process): void {
  process.off('unhandledRejection', onRejection)
  process.off('rejectionHandled', onHandled)
  for (const listener of earlier) process.on('unhandledRejection', listener)
  earlier = []
}

/** Listens until the result is called. */
export function watchRejections(): () => void {
  const process = hostProcess()
  if (process === undefined) return () => {}
  if (watchers++ === 0) start(process)
  return () => {
    if (--watchers === 0) stop(process)
  }
}
