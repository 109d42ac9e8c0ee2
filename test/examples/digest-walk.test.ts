import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Entry, entriesOf, openTree, type Tree } from '../../examples/digest/walk.ts'
import { Scratch } from './digest-program.ts'

async function walked(tree: Tree): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of entriesOf(tree)) entries.push(entry)
  return entries
}

const bytes = (text: string): string => Buffer.from(text).toString('latin1')

describe('a walk', () => {
  test('names everything in the byte order of the full names, not directory by directory', async () => {
    using tree = new Scratch()
    for (const name of ['a/b', 'a/z/1', 'a.txt', 'a-b/c', 'a0', 'B', 'ž', '🐎', '\uff5e']) tree.file(name)
    const names = (await walked(await openTree(tree.path))).map(({ name }) => name)
    expect(names).toEqual(['B', 'a-b/c', 'a.txt', 'a/b', 'a/z/1', 'a0', 'ž', '\uff5e', '🐎'].map(bytes))
  })

  test('is in byte order for any tree', async () => {
    const segment = fc.stringMatching(/^[ab.\- ~ž🐎]{1,3}$/u).filter((name) => name !== '.' && name !== '..')
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'))
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(path, { maxLength: 30 }), async (paths) => {
        using tree = new Scratch()
        const files = paths.filter((name) => !paths.some((other) => other.startsWith(`${name}/`)))
        for (const name of files) tree.file(name)
        const names = (await walked(await openTree(tree.path))).map(({ name }) => name)
        expect(names).toEqual(files.map(bytes).sort())
      }),
      { numRuns: 50 },
    )
  })

  test('names links and does not enter them, so a cycle is impossible', async () => {
    using tree = new Scratch()
    tree.file('sub/file')
    tree.link('sub/up', '..')
    tree.link('sub/gone', 'nowhere')
    expect(await walked(await openTree(tree.path))).toEqual([
      { kind: 'file', name: 'sub/file' },
      { kind: 'link', name: 'sub/gone' },
      { kind: 'link', name: 'sub/up' },
    ])
  })

  test('names special files as such', async () => {
    using tree = new Scratch()
    execFileSync('mkfifo', [tree.join('fifo')])
    expect(await walked(await openTree(tree.path))).toEqual([{ kind: 'special', name: 'fifo' }])
  })

  test('of a path to a file has that one entry', async () => {
    using tree = new Scratch()
    tree.file('only')
    tree.file('other')
    const { directory, start } = await openTree(tree.join('only'))
    expect(directory).toBe(tree.path)
    expect(start).toEqual({ kind: 'link', name: 'only' })
  })

  test('goes on after a directory that vanished, and names it as unreadable', async () => {
    using tree = new Scratch()
    for (const name of ['1', '2/x', '3']) tree.file(name)
    const entries: Entry[] = []
    for await (const entry of entriesOf(await openTree(tree.path))) {
      entries.push(entry)
      if (entry.name === '1') rmSync(tree.join('2'), { recursive: true })
    }
    expect(entries).toEqual([
      { kind: 'file', name: '1' },
      { kind: 'unreadable', name: '2/', error: expect.objectContaining({ code: 'ENOENT' }) },
      { kind: 'file', name: '3' },
    ])
  })

  test('of a tree that is not there fails', async () => {
    using tree = new Scratch()
    await expect(openTree(tree.join('nowhere'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
