// effect's Stream: pulled, in chunks.
import * as Effect from 'effect/Effect'
import * as Queue from 'effect/Queue'
import * as Stream from 'effect/Stream'
import { pipes } from '../../lib/peer-pipes.mjs'

/** @typedef {Stream.Stream<any, any, any>} Numbers */

const { runPromise } = Effect

export const streams = pipes({
  iterable: (values) => Stream.fromIterable(values),
  produced: (values) => Stream.unwrap(produced(values)),
  move: (/** @type {Numbers} */ stream) => Stream.map(stream, (v) => v),
  map: (/** @type {Numbers} */ stream, fn) => Stream.map(stream, fn),
  filter: (/** @type {Numbers} */ stream, keep) => Stream.filter(stream, keep),
  drain: (/** @type {Stream.Stream<any>} */ stream, each) => runPromise(Stream.runFold(stream, () => 0, add(each))),
  drainSlowly: (/** @type {Stream.Stream<number>} */ stream, watch) =>
    runPromise(
      Stream.runForEach(Stream.take(stream, watch.n), (v) => {
        const waiting = watch.take(v)
        return waiting === undefined ? Effect.void : Effect.promise(() => waiting)
      }),
    ),
  buffer: (/** @type {Numbers} */ stream, capacity) => Stream.buffer(stream, { capacity }),
  parallel: (/** @type {Numbers} */ stream, fn) =>
    Stream.mapEffect(stream, (v) => Effect.promise(() => fn(v)), { concurrency: 16, unordered: true }),
  parallelOrdered: (/** @type {Numbers} */ stream, fn) =>
    Stream.mapEffect(stream, (v) => Effect.promise(() => fn(v)), { concurrency: 16 }),
  teeMerge: (/** @type {Numbers} */ stream) =>
    Stream.unwrap(Effect.map(Stream.broadcastN(stream, { n: 2, capacity: 16 }), ([a, b]) => Stream.merge(a, b))),
  bridge: (inner) => Stream.flatten(Stream.map(Stream.fromIterable(inner), (values) => Stream.fromIterable(values))),
  batch: (/** @type {Numbers} */ stream) => Stream.grouped(stream, 100),
  batchWithin: (/** @type {Numbers} */ stream) => Stream.groupedWithin(stream, 100, 1000),
})

/** @type {(each: (v: any) => void) => (sum: number, v: any) => number} */
const add = (each) => (sum, v) => {
  each(v)
  return sum
}

/** @type {Effect.Effect<Queue.Queue<number, import('effect/Cause').Done>>} */
const queueOfNone = Queue.bounded(0)

/**
 * A fiber which offers to a queue of capacity 0.
 *
 * @param {number} values
 */
const produced = (values) =>
  Effect.gen(function* () {
    const queue = yield* queueOfNone
    yield* Effect.forkChild(
      Effect.gen(function* () {
        for (let i = 0; i < values; i++) yield* Queue.offer(queue, i)
        yield* Queue.end(queue)
      }),
    )
    return Stream.fromQueue(queue)
  })
