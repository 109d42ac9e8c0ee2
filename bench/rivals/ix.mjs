// ix: operators over async iterables.
import { from, merge } from 'ix/asynciterable'
import { buffer, bufferCountOrTime, concatAll, filter, flatMap, map, publish } from 'ix/asynciterable/operators'
import { drain, drainSlowly, produced } from '../lib/async-generators.mjs'
import { pipes } from '../lib/peer-pipes.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'ix',
  'node_modules/ix/package.json',
  pipes({
    iterable: (values) => from(values),
    produced: (values) => from(produced(values)),
    move: (stream) => stream.pipe(map((v) => v)),
    map: (stream, fn) => stream.pipe(map(fn)),
    filter: (stream, keep) => stream.pipe(filter(keep)),
    drain,
    drainSlowly,
    parallel: (stream, fn) => stream.pipe(flatMap(async (/** @type {number} */ v) => from([await fn(v)]), 16)),
    teeMerge: (stream) => stream.pipe(publish((shared) => merge(shared, shared))),
    bridge: (inner) =>
      from(inner).pipe(
        map((values) => from(values)),
        concatAll(),
      ),
    batch: (stream) => stream.pipe(buffer(100)),
    batchWithin: (stream) => stream.pipe(bufferCountOrTime(100, 1000)),
  }),
)
