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

/** Topics of packages that are still to come: many cores, many machines. */
const later = [
  'horizontal scaling, web scale, cloud',
  'GOMAXPROCS',
  'tasks or continuations',
  'work stealing',
  'deques',
  'global queue',
]

const notOfTheBook = "(not one of the book's files)"
const isOurs = (cells: readonly string[]): boolean => cells.join().includes(notOfTheBook)

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

  test('has each row of the book', () => {
    const countOf = (chapter: number): number =>
      programs.filter(({ section, cells }) => section === `Examples of chapter ${chapter}` && !isOurs(cells)).length
    expect([1, 3, 4, 5].map(countOf)).toEqual([4, 32, 24, 14])
  })

  test('says of an example that is not one of the book in both places', () => {
    for (const { cells } of programs) {
      const [file = ''] = linksIn(cells[0] ?? '')
      const source = readFileSync(join(root, 'docs', file), 'utf8')
      expect(source.includes(notOfTheBook), file).toBe(isOurs(cells))
    }
  })

  test('has each topic once in its chapter, with at least one link, unless a later package brings it', () => {
    const names = topics.map(({ section, cells: [topic] }) => `${section}: ${topic}`)
    expect(new Set(names).size).toBe(names.length)
    const unlinked: string[] = []
    for (const { cells } of topics) {
      const [topic = '', ...others] = cells
      expect(cells.length).toBe(4)
      if (linksIn(others.join()).length > 0) continue
      unlinked.push(topic)
      expect(others.join(), topic).toMatch(/\bcomes? with `warren\/(?:parallel|nats)`/)
    }
    expect(unlinked).toEqual(later)
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
