// `Date`, `Temporal.Now`, `process.hrtime` and `AbortSignal.timeout`, by a bubble's clock.
import { BubbleTimeout } from './host-timers.ts'
import { currentBubble, type VirtualWorld } from './virtual-world.ts'

/** The present in a bubble as Date tells it: in whole milliseconds. */
const wallTime = (world: VirtualWorld): number => Math.trunc(world.clock.wallTime())

export function bubbleDateNow(original: () => number): () => number {
  return function now() {
    const world = currentBubble()
    return world === null ? original() : wallTime(world)
  }
}

/** As Date, save that inside a bubble the present is the bubble's. */
export function bubbleDate(original: DateConstructor): DateConstructor {
  const proxy: DateConstructor = new Proxy(original, {
    construct(target, args, newTarget) {
      const world = args.length === 0 ? currentBubble() : null
      const given = world === null ? args : [wallTime(world)]
      return Reflect.construct(target, given, newTarget === proxy ? target : newTarget) as object
    },
    apply(target) {
      const world = currentBubble()
      return world === null ? target() : new target(wallTime(world)).toString()
    },
  })
  return proxy
}

/** What of Temporal is used here; the types of older hosts do not know it. */
interface Zoned {
  toPlainDateTime(): unknown
  toPlainDate(): unknown
  toPlainTime(): unknown
}

export interface Temporal {
  readonly Now: { timeZoneId(): string; instant(): unknown }
  readonly Instant: { fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: unknown): Zoned } }
}

type Now = (zone?: unknown) => unknown

/** The functions of `Temporal.Now`, each to be put in place of the original. */
export function bubbleTemporalNow(temporal: Temporal): Record<string, (original: Now) => Now> {
  const instant = (world: VirtualWorld) => temporal.Instant.fromEpochMilliseconds(wallTime(world))
  const zoned = (pick: (now: Zoned) => unknown) => (original: Now) =>
    function now(zone: unknown = temporal.Now.timeZoneId()) {
      const world = currentBubble()
      return world === null ? original(zone) : pick(instant(world).toZonedDateTimeISO(zone))
    }
  return {
    instant: (original) =>
      function now() {
        const world = currentBubble()
        return world === null ? original() : instant(world)
      },
    zonedDateTimeISO: zoned((now) => now),
    plainDateTimeISO: zoned((now) => now.toPlainDateTime()),
    plainDateISO: zoned((now) => now.toPlainDate()),
    plainTimeISO: zoned((now) => now.toPlainTime()),
  }
}

export function bubbleHrtime(original: NodeJS.HRTime): NodeJS.HRTime {
  const nanoseconds = (ms: number): bigint => BigInt(Math.round(ms * 1e6))
  function hrtime(since?: [number, number]): [number, number] {
    const world = currentBubble()
    if (world === null) return original(since)
    const [seconds, rest] = since ?? [0, 0]
    const passed = nanoseconds(world.clock.now()) - BigInt(seconds) * 1_000_000_000n - BigInt(rest)
    const whole = passed / 1_000_000_000n - (passed % 1_000_000_000n < 0n ? 1n : 0n)
    return [Number(whole), Number(passed - whole * 1_000_000_000n)]
  }
  return Object.assign(hrtime, {
    bigint() {
      const world = currentBubble()
      return world === null ? original.bigint() : nanoseconds(world.clock.now())
    },
  })
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
