// rxjs: a source pushes, and a stage is a function call; who is slow has the values kept for him.
import { bufferCount, bufferTime, concatAll, concatMap, connect, filter, from, map, merge, mergeMap, tap } from 'rxjs'
import { produced } from '../lib/async-generators.mjs'
import { pipes } from '../lib/peer-pipes.mjs'
import { serve } from '../lib/serve.mjs'

/** @typedef {import('rxjs').Observable<any>} Stream */

await serve(
  'rxjs',
  'node_modules/rxjs/package.json',
  pipes({
    iterable: (values) => from(values),
    produced: (values) => from(produced(values)),
    move: (/** @type {Stream} */ stream) => stream.pipe(map((v) => v)),
    map: (/** @type {Stream} */ stream, fn) => stream.pipe(map(fn)),
    filter: (/** @type {Stream} */ stream, keep) => stream.pipe(filter(keep)),
    drain,
    drainSlowly,
    pushes: true,
    parallel: (/** @type {Stream} */ stream, fn) => stream.pipe(mergeMap(fn, 16)),
    teeMerge: (/** @type {Stream} */ stream) => stream.pipe(connect((shared) => merge(shared, shared))),
    bridge: (inner) =>
      from(inner).pipe(
        map((values) => from(values)),
        concatAll(),
      ),
    batch: (/** @type {Stream} */ stream) => stream.pipe(bufferCount(100)),
    batchWithin: (/** @type {Stream} */ stream) => stream.pipe(bufferTime(1000, null, 100)),
  }),
)

/**
 * @param {Stream} stream
 * @param {(v: any) => void} each
 */
function drain(stream, each) {
  return new Promise((resolve, reject) => {
    stream.subscribe({ next: each, error: reject, complete: () => resolve(0) })
  })
}

/**
 * A slow reader has had all values pushed at it when `subscribe` returns. That is the peak; to take so many out of an array
 * from its front would last for minutes.
 *
 * @param {Stream} stream
 * @param {import('../lib/pipe-values.mjs').Watch} watch
 */
async function drainSlowly(stream, watch) {
  if (watch.every === 0) return drain(stream, (v) => watch.take(v))
  let offered = 0
  const slow = concatMap((/** @type {number} */ v) => Promise.resolve(watch.take(v)))
  stream
    .pipe(
      tap(() => offered++),
      slow,
    )
    .subscribe()
  watch.look()
  watch.got = offered
}
