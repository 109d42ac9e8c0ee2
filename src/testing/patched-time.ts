// `Date`, `AbortSignal.timeout` and waits of `timers/promises`, by a bubble's clock.
import { BubbleTimeout } from './host-timers.ts'
import { currentBubble } from './virtual-world.ts'

/** As Date, save that inside a bubble the present is the bubble's. */
export function bubbleDate(original: DateConstructor): DateConstructor {
  const now = (): number => Math.trunc(currentBubble()?.clock.wallTime() ?? original.now())
  const proxy: DateConstructor = new Proxy(original, {
    construct(target, args, newTarget) {
      const given = args.length === 0 && currentBubble() !== null ? [now()] : args
      return Reflect.construct(target, given, newTarget === proxy ? target : newTarget) as object
    },
    apply: (target) => (currentBubble() === null ? target() : new target(now()).toString()),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  return proxy
}

export function abortSignalTimeout(original: (ms: number) => AbortSignal): (ms: number) => AbortSignal {
  return function timeout(ms: number): AbortSignal {
    const world = currentBubble()
    if (world === null || typeof ms !== 'number' || !(ms >= 0)) return original.call(AbortSignal, ms)
    const controller = new AbortController()
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    new BubbleTimeout(world, () => controller.abort(reason), ms, false)
    return controller.signal
  }
}

interface Closable {
  close(): unknown
}

/** A promise of `value` that `start` ends, or the signal among `options`, as in `timers/promises`. */
export async function abortableWait(
  value: unknown,
  options: unknown,
  start: (done: () => void) => Closable,
): Promise<unknown> {
  const { signal } = (options ?? {}) as { signal?: AbortSignal }
  const aborted = (): Error =>
    Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
      name: 'AbortError',
      code: 'ABORT_ERR',
    })
  if (signal?.aborted) throw aborted()
  await new Promise<void>((resolve, reject) => {
    const timer = start(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    function onAbort(): void {
      timer.close()
      reject(aborted())
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
  return value
}
