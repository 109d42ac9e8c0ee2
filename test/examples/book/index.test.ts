// The index of the book: docs/book.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesIn, root } from '../../docs/pages.ts'

const page = readFileSync(join(root, 'docs/book.md'), 'utf8')

interface Row {
  readonly section: string
  readonly cells: readonly string[]
}

function rowsOf(text: string): Row[] {
  const rows: Row[] = []
  let section = ''
  let isBody = false
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3)
    if (line.startsWith('|---')) isBody = true
    else if (!line.startsWith('|')) isBody = false
    else if (isBody)
      rows.push({
        section,
        cells: line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      })
  }
  return rows
}

const linksIn = (text: string): string[] => [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, link = '']) => link)

const rows = rowsOf(page)
const programs = rows.filter(({ section }) => section.startsWith('Examples of '))
const topics = rows.filter(({ section }) => !section.startsWith('Examples of '))
const files = filesIn('examples', '.ts').filter((path) => /^examples\/ch\d\d\//.test(path))

describe('docs/book.md', () => {
  test('lists each example of a chapter once, in the table of its chapter', () => {
    const listed = programs.flatMap(({ cells: [program = ''] }) => linksIn(program))
    expect(listed.toSorted()).toEqual(files.map((path) => `../${path}`).toSorted())
    for (const { section, cells } of programs) {
      expect(cells[0]).toContain(section.replace(/^Examples of chapter (\d)$/, 'ch0$1/'))
    }
  })

  test('has each row of the book, also those whose program is still to come', () => {
    const countOf = (chapter: number): number =>
      programs.filter(({ section }) => section === `Examples of chapter ${chapter}`).length
    expect([1, 3, 4, 5].map(countOf)).toEqual([5, 32, 24, 14])
  })

  test('has each topic once in its chapter, with at least one link, unless it is to come', () => {
    const names = topics.map(({ section, cells: [topic] }) => `${section}: ${topic}`)
    expect(new Set(names).size).toBe(names.length)
    for (const { cells } of topics) {
      const [topic, ...others] = cells
      expect(cells.length).toBe(4)
      const isToCome = /\bcomes? (?:with|later)|of `warren\/(?:pipeline|resilience)`|`ch04\//.test(others.join())
      if (!isToCome) expect(linksIn(others.join()), topic).not.toEqual([])
    }
  })

  test('has no example without a topic', () => {
    const shown = new Set(topics.flatMap(({ cells }) => linksIn(cells.join())))
    const orphans = files.filter((path) => !shown.has(`../${path}`))
    expect(orphans).toEqual([])
  })

  test('names for each export a file that exports or defines it', () => {
    for (const { cells } of topics) {
      for (const [, name = '', path = ''] of (cells[1] ?? '').matchAll(/\[`([\w.]+)`\]\(\.\.\/(src\/[^)]*)\)/g)) {
        const source = readFileSync(join(root, path), 'utf8')
        for (const part of name.split('.')) expect(source, `${name} in ${path}`).toMatch(new RegExp(`\\b${part}\\b`))
      }
    }
  })
})
