// Where the lines go: a file or standard output. A write waits while the stream is full, so a slow disk or reader slows the whole
// pipeline down instead of filling the memory. Lines are written whole, so the file ends at one, however the run ends.

import { once } from 'node:events'
import { type BigIntStats, fstatSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ByteString } from './names.ts'

export async function openOutput(path: string): Promise<Output> {
  if (path === '-') return new Output(process.stdout, fstatSync(process.stdout.fd, { bigint: true }))
  const file = await open(path, 'w')
  return new Output(file.createWriteStream({ highWaterMark: 64 * 1024 }), await file.stat({ bigint: true }))
}

export class Output {
  readonly #stream: Writable
  readonly identity: Pick<BigIntStats, 'dev' | 'ino'>
  #failure: Error | undefined

  constructor(stream: Writable, identity: Pick<BigIntStats, 'dev' | 'ino'>) {
    this.#stream = stream
    this.identity = identity
    stream.on('error', (error) => {
      this.#failure = error
    })
  }

  async write(line: ByteString): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (!this.#stream.write(line, 'latin1')) await once(this.#stream, 'drain')
  }

  /** Standard output is flushed, not closed: it is the process's. */
  async close(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#stream !== process.stdout) {
      await finished(this.#stream.end())
      return
    }
    await new Promise<void>((resolve, reject) => {
      this.#stream.write('', (error) => (error ? reject(error) : resolve()))
    })
  }
}
