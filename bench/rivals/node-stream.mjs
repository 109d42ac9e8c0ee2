// node:stream in object mode, by pipe; its map keeps the order.
import { PassThrough, Readable, Transform } from 'node:stream'
import { finished } from 'node:stream/promises'
import { drainSlowly, produced } from '../lib/async-generators.mjs'
import { pipes } from '../lib/peer-pipes.mjs'
import { serve } from '../lib/serve.mjs'

/** @type {(stream: Readable, fn: (v: number) => Promise<number>) => Readable} */
const parallel = (stream, fn) => stream.map(fn, { concurrency: 16 })

await serve(
  'node-stream',
  '',
  pipes({
    iterable: (values) => Readable.from(values),
    produced: (values) => Readable.from(produced(values)),
    move: (/** @type {Readable} */ stream) => stream.pipe(new PassThrough({ objectMode: true })),
    map: (/** @type {Readable} */ stream, fn) =>
      stream.pipe(new Transform({ objectMode: true, transform: (v, _, done) => done(null, fn(v)) })),
    filter: (/** @type {Readable} */ stream, keep) =>
      stream.pipe(new Transform({ objectMode: true, transform: (v, _, done) => (keep(v) ? done(null, v) : done()) })),
    drain: (/** @type {Readable} */ stream, each) => finished(stream.on('data', each)),
    drainSlowly,
    buffer: (/** @type {Readable} */ stream, capacity) =>
      stream.pipe(new PassThrough({ objectMode: true, highWaterMark: capacity })),
    parallel,
    parallelOrdered: parallel,
    teeMerge,
    bridge: (inner) => Readable.from(inner).flatMap((values) => Readable.from(values)),
  }),
)

/** @param {Readable} stream */
function teeMerge(stream) {
  const out = new PassThrough({ objectMode: true })
  let open = 2
  for (let i = 0; i < 2; i++) {
    const half = stream.pipe(new PassThrough({ objectMode: true }))
    half.pipe(out, { end: false })
    half.on('end', () => {
      if (--open === 0) out.end()
    })
  }
  return out
}
