// To and from Node's streams, backpressure kept. `node:stream` is asked for when it is needed, so that the rest of the pipelines
// runs elsewhere too.
// biome-ignore lint/suspicious/noTsIgnore: there is no error where Node's types are installed, as here
/** @ts-ignore Without Node's types these are `any`. */
import type { Readable, ReadableOptions } from 'node:stream'
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import { WarrenError } from '../errors/warren-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { AsyncSource } from './async-source.ts'
import { checkOptions, type StageOptions } from './options.ts'
import { Reading } from './reading.ts'

/**
 * A Readable of the values of `ch`, in object mode unless told otherwise. Destroying it ends a stage that nobody else reads from;
 * what failed in the pipeline destroys it. It reads ahead as far as its `highWaterMark` says (default 16 objects). `null` and
 * `undefined`, which Node's streams cannot carry, destroy it.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ch` is no channel. {@link WarrenError} `ERR_NOT_AVAILABLE` elsewhere than on Node.
 * @example
 * const lines = toNodeReadable(fromIterable(['a', 'b']))
 * console.log(await collect(fromNodeReadable<string>(lines))) // [ 'a', 'b' ]
 */
export function toNodeReadable<T>(ch: ReceiveChan<T>, options?: ReadableOptions): Readable {
  const { Readable } = nodeStream()
  const reading = new Reading(ch)
  return new Readable({
    objectMode: true,
    ...options,
    read() {
      reading
        .next()
        .then((result) => this.push(result.done === true ? null : carriable(result.value)))
        .catch((error: Error) => this.destroy(error))
    },
    destroy(error, done) {
      reading.leave(error ?? undefined)
      done(error)
    },
  })
}

/**
 * The chunks of a Readable, read when somebody asks, and then one ahead. When the stage ends early, the stream is destroyed.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no Readable.
 */
export function fromNodeReadable<T>(stream: Readable, options?: StageOptions | Cancel): ReceiveChan<T> {
  if (typeof stream !== 'object' || stream === null || !('destroy' in stream) || !(Symbol.asyncIterator in stream)) {
    throw invalidType('stream', 'a Readable', stream)
  }
  const checked = checkOptions(options)
  stream.on('error', () => {}) // the reader gets it, when it asks: nobody is late
  const iterator = stream[Symbol.asyncIterator]()
  return new AsyncSource<T>({ next: () => iterator.next(), return: () => stream.destroy() }, checked).stage.open()
}

function carriable(value: unknown): unknown {
  if (value === null || value === undefined)
    throw invalidType('a value for a Readable', 'neither null nor undefined', value)
  return value
}

function nodeStream(): typeof import('node:stream') {
  const { process } = globalThis as { process?: { getBuiltinModule?(id: string): unknown } }
  const module = process?.getBuiltinModule?.('node:stream')
  if (module === undefined) throw new WarrenError('ERR_NOT_AVAILABLE', "Node's streams are available on Node only")
  return module as typeof import('node:stream')
}
