// Every example of the README, the guide and the docstrings: type-checked, run, and what it prints compared with the
// `// value` comments behind its calls of `console.log`.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { type Example, examplesOfPage, examplesOfSource, exportsOf, withImports } from './extract.ts'
import { filesIn, root } from './pages.ts'
import { instrument, matches, printFunction } from './printed.ts'
import { typeCheck } from './type-check.ts'

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'warren-examples-')))
afterAll(() => rmSync(directory, { recursive: true }))

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const entries = ['context', 'sync', 'pipeline', 'resilience', 'debug', 'testing']
const exported = new Map(entries.map((entry) => [entry, exportsOf(read(`src/${entry}/index.ts`))] as const))
const exportedByRoot = ['warren', exportsOf(read('src/index.ts'))] as const

function fromSource(file: string): Example[] {
  const folder = file.split('/')[1]!
  const own = exported.get(folder)
  const from = own === undefined ? [exportedByRoot] : [[`warren/${folder}`, own] as const, exportedByRoot]
  // What stands on pipelines shows itself with them.
  if (folder === 'resilience') from.splice(1, 0, ['warren/pipeline', exported.get('pipeline')!])
  return examplesOfSource(file, read(file)).map((example) => ({ ...example, code: withImports(example.code, from) }))
}

const pages = ['README.md', ...filesIn('docs/guide', '.md')]
const examples = [
  ...pages.flatMap((page) => examplesOfPage(page, read(page))),
  ...filesIn('src', '.ts').flatMap(fromSource),
]

/** A module's name tells where its code comes from: an error of the compiler or a stack then does, too. */
const moduleName = ({ file, line }: Example): string => `${file.replace(/[^A-Za-z0-9]+/g, '-')}-line-${line}.mts`

const definesTests = (code: string): boolean => code.includes("from 'vitest'")

test('the documentation has examples, and nearly all of them run', () => {
  expect(examples.length).toBeGreaterThan(50)
  expect(examples.filter(({ runs }) => !runs).length).toBeLessThan(examples.length / 10)
})

test('every example is well typed', () => {
  for (const example of examples.filter(({ isChecked }) => isChecked)) {
    writeFileSync(join(directory, moduleName(example)), example.code)
  }
  expect(typeCheck(root, directory)).toBe('')
}, 60_000)

describe('every example prints what it says', () => {
  const running = join(directory, 'run')
  mkdirSync(running)
  for (const example of examples.filter(({ runs, code }) => runs && !definesTests(code))) {
    test(`${example.file}:${example.line}`, async () => {
      const { code, sites } = instrument(example.code)
      const printed = sites.map((): string[] => [])
      Object.assign(globalThis, {
        [printFunction]: (site: number, ...values: unknown[]) => printed[site]!.push(format(...values)),
      })
      const path = join(running, moduleName(example))
      writeFileSync(path, code)
      await import(path)
      sites.forEach(({ line, expected }, site) => {
        const actual = printed[site]!.join(' ')
        if (!matches(expected, printed[site]!)) {
          expect(actual, `${example.file}:${example.line + line - 1}`).toBe(expected ?? 'nothing: there is no comment')
        }
      })
    })
  }
})

describe('examples that are tests pass', async () => {
  const running = join(directory, 'tests')
  mkdirSync(running)
  for (const example of examples.filter(({ runs, code }) => runs && definesTests(code))) {
    const path = join(running, moduleName(example))
    writeFileSync(path, example.code)
    await import(path)
  }
})
