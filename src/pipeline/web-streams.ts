// To and from web streams, backpressure kept: a value is moved when the other side asks.
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { AsyncSource } from './async-source.ts'
import { checkOptions, type StageOptions } from './options.ts'
import { Reading } from './reading.ts'

/**
 * A ReadableStream of the values of `ch`. It reads when the stream is read, and nothing ahead. Cancelling the stream ends a stage
 * that nobody else reads from; what failed in the pipeline errors the stream.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ch` is no channel.
 * @example
 * const stream = toReadableStream(fromIterable(['a', 'b']))
 * console.log(await collect(fromReadableStream(stream))) // [ 'a', 'b' ]
 */
export function toReadableStream<T>(ch: ReceiveChan<T>): ReadableStream<T> {
  const reading = new Reading(ch)
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const result = await reading.next()
        if (result.done === true) controller.close()
        else controller.enqueue(result.value)
      },
      cancel: (reason) => reading.leave(reason),
    },
    { highWaterMark: 0 },
  )
}

/**
 * The chunks of a web stream, read when somebody asks, and then one ahead. The stream is locked; when the stage ends early, it is
 * cancelled.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no ReadableStream. {@link TypeError} when it is locked.
 */
export function fromReadableStream<T>(stream: ReadableStream<T>, options?: StageOptions | Cancel): ReceiveChan<T> {
  if (typeof stream !== 'object' || stream === null || !('getReader' in stream)) {
    throw invalidType('stream', 'a ReadableStream', stream)
  }
  const checked = checkOptions(options)
  const reader = stream.getReader()
  return new AsyncSource<T>(
    { next: () => reader.read(), return: (reason) => reader.cancel(reason) },
    checked,
  ).stage.open()
}
