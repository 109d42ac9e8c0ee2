// streaming-iterables: functions over async iterables. It merges, but has no tee.
import { batch, batchWithTimeout, buffer, filter, flatten, map, parallelMap, transform } from 'streaming-iterables'
import { drain, drainSlowly, produced } from '../lib/async-generators.mjs'
import { pipes } from '../lib/peer-pipes.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'streaming-iterables',
  'node_modules/streaming-iterables/package.json',
  pipes({
    iterable: (values) => values,
    produced,
    move: (stream) => map((v) => v, stream),
    map: (stream, fn) => map(fn, stream),
    filter: (stream, keep) => filter(keep, stream),
    drain,
    drainSlowly,
    buffer: (stream, capacity) => buffer(capacity, stream),
    parallel: (stream, fn) => transform(16, fn, stream),
    parallelOrdered: (stream, fn) => parallelMap(16, fn, stream),
    bridge: (inner) => flatten(inner),
    batch: (stream) => batch(100, stream),
    batchWithin: (stream) => batchWithTimeout(100, 1000, stream),
  }),
)
