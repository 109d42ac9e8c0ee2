// Walks a tree depth first and names every entry once, in the byte order of the full names. Symbolic links are named, never
// entered, so there are no cycles. In memory are only the siblings of the directories on the way down.

import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Context } from 'warren'
import { type ByteString, fromText, toBytes } from './names.ts'
import type { Tally } from './tally.ts'

export type Entry =
  | { readonly kind: 'file' | 'link' | 'special'; readonly name: ByteString }
  | { readonly kind: 'unreadable'; readonly name: ByteString; readonly error: unknown }

/** A directory's name ends in a slash: that is what makes walking order the order of the full names ("a.txt" < "a/b"). */
type Step = Entry | { readonly kind: 'directory'; readonly name: ByteString }

export interface Tree {
  readonly directory: string
  readonly start: Step
}

/** A path to one file makes a tree of one entry. */
export async function openTree(path: string): Promise<Tree> {
  const absolute = resolve(path)
  return (await stat(absolute)).isDirectory()
    ? { directory: absolute, start: { kind: 'directory', name: '' } }
    : { directory: dirname(absolute), start: { kind: 'link', name: fromText(basename(absolute)) } }
}

export const pathOf = (tree: Tree, name: ByteString): Buffer => toBytes(`${fromText(tree.directory)}/${name}`)

/** Walks the tree once more, ahead of the work, so that the progress bar knows how much there is. */
export async function countAhead(tree: Tree, tally: Tally, ctx: Context): Promise<void> {
  for await (const _ of entriesOf(tree)) {
    if (ctx.err !== undefined) throw ctx.err
    tally.found++
  }
}

/** The source of the pipeline. */
export async function* entriesOf(tree: Tree): AsyncGenerator<Entry, void> {
  const stack: Step[] = [tree.start]
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step.kind !== 'directory') yield step
    else for (const child of await list(tree, step.name)) stack.push(child)
  }
}

/** Last name first, as a stack wants it. */
async function list(tree: Tree, directory: ByteString): Promise<Step[]> {
  try {
    const children = await readdir(pathOf(tree, directory), { encoding: 'buffer', withFileTypes: true })
    return children
      .map((child): Step => {
        const name = directory + child.name.toString('latin1')
        if (child.isDirectory()) return { kind: 'directory', name: `${name}/` }
        return { kind: child.isFile() ? 'file' : child.isSymbolicLink() ? 'link' : 'special', name }
      })
      .sort((a, b) => (a.name < b.name ? 1 : -1))
  } catch (error) {
    if (directory === '') throw error
    return [{ kind: 'unreadable', name: directory, error }]
  }
}
