import { createHash, randomBytes } from 'node:crypto'
import { rmSync, statSync, truncateSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { background, type Context, withCancel } from 'warren'
import { type Digest, hashEntry } from '../../examples/digest/hash.ts'
import { type Entry, openTree } from '../../examples/digest/walk.ts'
import { Scratch } from './digest-program.ts'

async function hashed(tree: Scratch, entry: Entry, ctx: Context = background(), output = 'none'): Promise<Digest> {
  const identity = statSync(tree.join(output), { bigint: true, throwIfNoEntry: false }) ?? { dev: -1n, ino: -1n }
  return hashEntry(entry, { tree: await openTree(tree.path), algorithm: 'sha256', output: identity }, ctx)
}

describe('a file', () => {
  for (const bytes of [0, 1, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1, 1_000_003]) {
    test(`of ${bytes} bytes is digested whole`, async () => {
      using tree = new Scratch()
      const contents = randomBytes(bytes)
      tree.file('file', contents)
      const hex = createHash('sha256').update(contents).digest('hex')
      expect(await hashed(tree, { kind: 'file', name: 'file' })).toEqual({ kind: 'digested', name: 'file', hex, bytes })
    })
  }

  test.skipIf(process.platform !== 'linux')('of /proc, which says that its size is 0, is digested whole', async () => {
    using tree = new Scratch()
    tree.link('version', '/proc/version')
    expect(await hashed(tree, { kind: 'link', name: 'version' })).toMatchObject({
      kind: 'digested',
      bytes: expect.toSatisfy((bytes: number) => bytes > 0),
    })
  })

  test('that vanished after the walk is a failure with a reason, not an error', async () => {
    using tree = new Scratch()
    tree.file('file')
    rmSync(tree.join('file'))
    expect(await hashed(tree, { kind: 'file', name: 'file' })).toEqual({
      kind: 'failed',
      name: 'file',
      reason: 'no such file or directory',
    })
  })

  test('that became a directory after the walk is a failure', async () => {
    using tree = new Scratch()
    tree.file('file/inside')
    expect(await hashed(tree, { kind: 'file', name: 'file' })).toMatchObject({
      kind: 'failed',
      reason: 'illegal operation on a directory',
    })
  })

  test('is given up between two chunks when the context is cancelled', async () => {
    using tree = new Scratch()
    tree.file('sparse')
    truncateSync(tree.join('sparse'), 2 ** 36)
    const ctx = withCancel(background())
    const digest = hashed(tree, { kind: 'file', name: 'sparse' }, ctx)
    setImmediate(() => ctx.cancel())
    await expect(digest).rejects.toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
  })

  test('that is the output is skipped, by whatever name it is reached', async () => {
    using tree = new Scratch()
    tree.file('output')
    tree.link('link', 'output')
    for (const entry of [{ kind: 'file', name: 'output' } as const, { kind: 'link', name: 'link' } as const]) {
      expect(await hashed(tree, entry, background(), 'output')).toMatchObject({ kind: 'skipped', why: 'output' })
    }
  })
})

describe('a symbolic link', () => {
  const outcome = async (target: string): Promise<Digest> => {
    using tree = new Scratch()
    tree.file('directory/file')
    tree.link('link', target)
    return await hashed(tree, { kind: 'link', name: 'link' })
  }

  test('to a file is digested as the file, under its own name', async () => {
    expect(await outcome('directory/file')).toMatchObject({ kind: 'digested', name: 'link', bytes: 8 })
  })

  test('to a directory is skipped', async () => {
    expect(await outcome('directory')).toMatchObject({ kind: 'skipped', why: 'directory link' })
  })

  test('to a device is skipped without opening it', async () => {
    expect(await outcome('/dev/zero')).toMatchObject({ kind: 'skipped', why: 'special file' })
  })

  test('to nothing is a failure that says so', async () => {
    expect(await outcome('nowhere')).toMatchObject({ kind: 'failed', reason: 'dangling symbolic link' })
  })

  test('to itself is a failure', async () => {
    expect(await outcome('link')).toMatchObject({ kind: 'failed', reason: 'too many symbolic links encountered' })
  })
})
