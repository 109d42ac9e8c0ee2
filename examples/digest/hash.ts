// Reads one file in chunks of a fixed size and digests it. The answer is a value, whatever happens to the file: an unreadable
// one is data for the writer to report, not an error of the program.

import { createHash, type Hash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { type Context, Pool } from 'warren'
import { systemReason } from './exit.ts'
import type { ByteString } from './names.ts'
import { type Entry, pathOf, type Tree } from './walk.ts'

export type Digest =
  | { readonly kind: 'digested'; readonly name: ByteString; readonly hex: string; readonly bytes: number }
  | { readonly kind: 'skipped'; readonly name: ByteString; readonly why: 'directory link' | 'special file' | 'output' }
  | { readonly kind: 'failed'; readonly name: ByteString; readonly reason: string }

export interface Hashing {
  readonly tree: Tree
  readonly algorithm: string
  /** The file being written, by whatever name it stands in the tree: its digest would never verify. */
  readonly output: Pick<BigIntStats, 'dev' | 'ino'>
}

const buffers = new Pool(() => Buffer.allocUnsafeSlow(128 * 1024))

export async function hashEntry(entry: Entry, hashing: Hashing, ctx: Context): Promise<Digest> {
  try {
    return await digest(entry, hashing, ctx)
  } catch (error) {
    const reason = systemReason(error)
    if (reason === undefined) throw error
    const dangling = entry.kind === 'link' && (error as NodeJS.ErrnoException).code === 'ENOENT'
    return { kind: 'failed', name: entry.name, reason: dangling ? 'dangling symbolic link' : reason }
  }
}

async function digest(entry: Entry, { tree, algorithm, output }: Hashing, ctx: Context): Promise<Digest> {
  const { kind, name } = entry
  if (kind === 'unreadable') throw entry.error
  if (kind === 'special') return { kind: 'skipped', name, why: 'special file' }

  const path = pathOf(tree, name)
  if (kind === 'link') {
    // Looked at before it is opened: to open a device can have effects.
    const target = await stat(path)
    if (target.isDirectory()) return { kind: 'skipped', name, why: 'directory link' }
    if (!target.isFile()) return { kind: 'skipped', name, why: 'special file' }
  }
  // O_NONBLOCK: a fifo put here in the meantime must not hold a thread of the pool for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const about = await file.stat({ bigint: true })
    if (about.dev === output.dev && about.ino === output.ino) return { kind: 'skipped', name, why: 'output' }
    const hash = createHash(algorithm)
    const bytes = await readInto(hash, file, Number(about.size), ctx)
    return { kind: 'digested', name, hex: hash.digest('hex'), bytes }
  } finally {
    await file.close()
  }
}

async function readInto(hash: Hash, file: FileHandle, expectedBytes: number, ctx: Context): Promise<number> {
  const buffer = buffers.get()
  try {
    for (let total = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (ctx.err !== undefined) throw ctx.err
      hash.update(buffer.subarray(0, bytesRead))
      total += bytesRead
      // The size only saves the last, empty read: a file in /proc says 0 and has contents, another may grow.
      if (bytesRead === 0 || total === expectedBytes) return total
    }
  } finally {
    buffers.put(buffer)
  }
}
