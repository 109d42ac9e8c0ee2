// Every kind of stage as a function of an input, for tests of what holds for all of them.
import { gosched, type ReceiveChan } from 'warren'
import {
  batch,
  bridge,
  buffer,
  fanOut,
  filter,
  fromIterable,
  map,
  merge,
  orDone,
  parallelMap,
  type StageOptions,
  take,
  tee,
} from 'warren/pipeline'

export interface StageKind {
  readonly name: string
  /** `call` is called in each call of a function, if it takes one; it may throw. */
  make(input: ReceiveChan<number>, options: StageOptions, call: (n: number) => void): ReceiveChan<unknown>
  /** Whether it calls a function. */
  readonly calls: boolean
  /** How many values that it has taken in need not have come out when it is ended: what is on its way, or dropped. */
  readonly most: number
}

/** What only moves values: no goroutine, and no code of the user's. */
export const movers: readonly StageKind[] = [
  mover('orDone', 1, (ch, options) => orDone(ch, options.ctx, options)),
  mover('buffer of 0', 1, (ch, options) => buffer(ch, 0, options)),
  mover('buffer of 2', 3, (ch, options) => buffer(ch, 2, options)),
  mover('take', 1, (ch, options) => take(ch, 100, options)),
  mover('fanOut', 1, (ch, options) => fanOut(ch, 1, options)[0]!),
  mover('fanOut of 3 and merge', 4, (ch, options) => merge(...fanOut(ch, 3, options), options)),
  mover('tee and merge', 4, (ch, options) => merge(...tee(ch, 2, options), options)),
  mover('merge', 2, (ch, options) => merge(ch, fromIterable<number>([]), options)),
  mover('bridge', 1, (ch, options) => bridge(fromIterable([ch], options), options)),
  mover('batch of 2', 5, (ch, options) => batch(ch, { ...options, size: 2 })),
]

/** What calls a function, of each style. */
export const callers: readonly StageKind[] = [
  caller('map', 1, (ch, options, call) =>
    map(
      ch,
      (n) => {
        call(n)
        return n
      },
      options,
    ),
  ),
  caller('an async map', 2, (ch, options, call) =>
    map(
      ch,
      async (n) => {
        call(n)
        await gosched()
        return n
      },
      options,
    ),
  ),
  caller('a map by generators', 2, (ch, options, call) =>
    map(
      ch,
      function* (n) {
        call(n)
        yield* gosched()
        return n
      },
      options,
    ),
  ),
  caller('filter', 9, (ch, options, call) =>
    filter(
      ch,
      (n) => {
        call(n)
        return n % 2 === 0
      },
      options,
    ),
  ),
  caller('parallelMap', 4, (ch, options, call) =>
    parallelMap(
      ch,
      async (n) => {
        await gosched()
        call(n)
        return n
      },
      { ...options, concurrency: 3 },
    ),
  ),
  caller('an unordered parallelMap', 4, (ch, options, call) =>
    parallelMap(
      ch,
      function* (n) {
        for (let i = 0; i < n % 3; i++) yield* gosched()
        call(n)
        return n
      },
      { ...options, concurrency: 3, ordered: false },
    ),
  ),
]

export const pipelines: readonly StageKind[] = [
  caller('map, map, map', 3, (ch, options, call) => {
    const one = (n: number): number => {
      call(n)
      return n
    }
    return map(map(map(ch, one, options), one, options), one, options)
  }),
  caller('orDone, an async map, a buffer, a filter', 6, (ch, options, call) => {
    const looked = map(
      orDone(ch, options.ctx),
      async (n) => {
        call(n)
        return n
      },
      options,
    )
    return filter(buffer(looked, 2, options), () => true, options)
  }),
  caller('fanOut to maps, merged, in batches', 8, (ch, options, call) => {
    const maps = fanOut(ch, 2, options).map((part) =>
      map(
        part,
        async (n) => {
          call(n)
          return n
        },
        options,
      ),
    )
    return batch(merge(...maps, options), { ...options, size: 2 })
  }),
  caller('a bridge of maps, behind a tee', 8, (ch, options, call) => {
    const [one, other] = tee(ch, 2, options)
    const channels = map(
      one,
      (n) => {
        call(n)
        return fromIterable([n, n]) // nobody may ever see it: it hangs on nothing
      },
      options,
    )
    return merge<unknown>(bridge(channels, options), other, options)
  }),
]

export const everyStage: readonly StageKind[] = [...movers, ...callers, ...pipelines]

function mover(
  name: string,
  most: number,
  make: (ch: ReceiveChan<number>, options: StageOptions) => ReceiveChan<unknown>,
): StageKind {
  return { name, most, make, calls: false }
}

function caller(name: string, most: number, make: StageKind['make']): StageKind {
  return { name, most, make, calls: true }
}
