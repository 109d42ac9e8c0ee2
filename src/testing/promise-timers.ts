// What `timers/promises` makes of timers, inside a bubble.
import { BubbleImmediate, BubbleTimeout } from './host-timers.ts'
import type { VirtualWorld } from './virtual-world.ts'

interface Closable {
  close(): unknown
}

/** A wait, with the arguments of the function that it stands for. */
export type Wait = (world: VirtualWorld, args: unknown[]) => unknown

function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}

function signalOf(options: unknown): AbortSignal | undefined {
  return (options as { signal?: AbortSignal } | null | undefined)?.signal
}

/** A promise of `value` that `start` ends, or the signal among `options`. */
async function abortableWait(
  value: unknown,
  options: unknown,
  start: (done: () => void) => Closable,
): Promise<unknown> {
  const signal = signalOf(options)
  if (signal?.aborted) throw abortError(signal)
  await new Promise<void>((resolve, reject) => {
    const timer = start(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    function onAbort(): void {
      timer.close()
      reject(abortError(signal!))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
  return value
}

export const waitTimeout: Wait = (world, [delay, value, options]) =>
  abortableWait(value, options, (done) => new BubbleTimeout(world, done, delay, false))

export const waitImmediate: Wait = (world, [value, options]) =>
  abortableWait(value, options, (done) => new BubbleImmediate(world, done))

export const schedulerWait: Wait = (world, [delay, options]) => waitTimeout(world, [delay, undefined, options])

export const schedulerYield: Wait = (world) => waitImmediate(world, [])

/** One value for each interval that has passed, also for those that passed before it was asked for. */
export const eachInterval: Wait = async function* (world, [delay, value, options]) {
  const signal = signalOf(options)
  let passed = 0
  let wake = (): void => {}
  const timer = new BubbleTimeout(
    world,
    () => {
      passed++
      wake()
    },
    delay,
    true,
  )
  const onAbort = (): void => wake()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      for (; passed > 0; passed--) yield value
      if (signal?.aborted) throw abortError(signal)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    timer.close()
    signal?.removeEventListener('abort', onAbort)
  }
}
