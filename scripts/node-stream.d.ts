// What we use of `node:stream`, for the check that all else runs without Node; see tsconfig.neutral.json.
export interface ReadableOptions {
  readonly objectMode?: boolean
  readonly highWaterMark?: number
}
interface Handlers extends ReadableOptions {
  read?(this: Readable): void
  destroy?(this: Readable, error: Error | null, done: (error: Error | null) => void): void
}
export class Readable {
  constructor(options: Handlers)
  push(chunk: unknown): boolean
  on(event: 'error', listener: (error: Error) => void): this
  destroy(error?: Error): this
  [Symbol.asyncIterator](): AsyncIterableIterator<never>
}
