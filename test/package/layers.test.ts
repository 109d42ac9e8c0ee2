import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Lints files of a made-up source tree with the configuration of this repository, and gives the rules each one broke. */
function lint(files: Record<string, string>): Record<string, string[]> {
  const tree = mkdtempSync(join(tmpdir(), 'warren-lint-'))
  onTestFinished(() => rmSync(tree, { recursive: true, force: true }))
  const { $schema: _, ...config } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { $schema: string }
  writeFileSync(join(tree, 'biome.json'), JSON.stringify(config))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none'], {
    cwd: tree,
    encoding: 'utf8',
  })
  const broken: Record<string, string[]> = Object.fromEntries(Object.keys(files).map((path) => [path, []]))
  const report = JSON.parse(stdout) as {
    diagnostics: { category: string; severity: string; location: { path: string } }[]
  }
  for (const { category, location } of report.diagnostics) {
    broken[location.path]?.push(category.split('/').at(-1) ?? category)
  }
  return broken
}

const below: Record<string, string[]> = {
  errors: [],
  runtime: ['errors'],
  chan: ['errors', 'runtime'],
  time: ['errors', 'runtime', 'chan'],
  context: ['errors', 'runtime', 'chan', 'time'],
  sync: ['errors', 'runtime', 'chan', 'context'],
  pipeline: ['errors', 'runtime', 'chan', 'time', 'context', 'sync'],
  resilience: ['errors', 'runtime', 'chan', 'time', 'context', 'sync', 'pipeline'],
  debug: ['errors', 'runtime', 'chan', 'time', 'context', 'sync'],
  testing: ['errors', 'runtime', 'chan', 'time', 'context', 'sync', 'debug'],
  cli: ['errors', 'runtime', 'chan', 'time', 'context', 'sync', 'debug'],
}
const layers = [...Object.keys(below), 'vet', 'nats']

describe('the layer rule', () => {
  test('imports go down only, by value and by type, from a folder below too', () => {
    const files: Record<string, string> = {}
    const expected: Record<string, string[]> = {}
    for (const [layer, allowed] of Object.entries(below)) {
      for (const target of layers) {
        if (target === layer) continue
        const verdict = allowed.includes(target) ? [] : ['noRestrictedImports']
        const add = (path: string, text: string): void => {
          files[path] = text
          expected[path] = verdict
        }
        add(`src/${layer}/value-${target}.ts`, `export { a } from '../${target}/a.ts';\n`)
        add(`src/${layer}/type-${target}.ts`, `import type { A } from '../${target}/a.ts';\nexport type B = A;\n`)
        add(`src/${layer}/late-${target}.ts`, `export const a = import('../${target}/a.ts');\n`)
        add(`src/${layer}/deep/${target}.ts`, `import { a } from '../../${target}/a.ts';\nexport const b = a;\n`)
      }
    }
    // A file that only re-exports is a barrel as well; that is another test's matter.
    const found = Object.entries(lint(files)).map(([path, rules]) => [path, rules.filter((r) => r !== 'noBarrelFile')])
    expect(Object.fromEntries(found)).toEqual(expected)
  })

  test('the root entry exports what stands below debug', () => {
    const exporting = (layer: string): string[] | undefined =>
      lint({ 'src/index.ts': `export { a } from './${layer}/a.ts';\n` })['src/index.ts']
    expect(exporting('sync')).toEqual([])
    expect(exporting('debug')).toEqual(['noRestrictedImports'])
    expect(exporting('cli')).toEqual(['noRestrictedImports'])
  })

  test('no layer imports the package by its own name, or the root entry', () => {
    expect(
      lint({
        'src/chan/name.ts': `import { a } from 'warren';\nexport const b = a;\n`,
        'src/chan/entry.ts': `import { a } from '../index.ts';\nexport const b = a;\n`,
      }),
    ).toEqual({ 'src/chan/name.ts': ['noRestrictedImports'], 'src/chan/entry.ts': ['noRestrictedImports'] })
  })
})

describe('the module rules', () => {
  test('files do not import each other in a circle, save by type', () => {
    expect(
      lint({
        'src/chan/a.ts': `import { b } from './b.ts';\nexport const a = (): unknown => b;\n`,
        'src/chan/b.ts': `import { a } from './a.ts';\nexport const b = (): unknown => a;\n`,
        'src/chan/c.ts': `import type { D } from './d.ts';\nexport type C = D[];\n`,
        'src/chan/d.ts': `import type { C } from './c.ts';\nexport type D = C[];\n`,
      }),
    ).toEqual({
      'src/chan/a.ts': ['noImportCycles'],
      'src/chan/b.ts': ['noImportCycles'],
      'src/chan/c.ts': [],
      'src/chan/d.ts': [],
    })
  })

  test('no default exports, no export *, no barrel besides an entry', () => {
    expect(
      lint({
        'src/index.ts': `export * from './chan/a.ts';\n`,
        'src/chan/a.ts': 'export default 1;\n',
        'src/chan/b.ts': `export { a } from './a.ts';\n`,
        'src/sync/index.ts': `export { a } from './a.ts';\n`,
      }),
    ).toEqual({
      'src/index.ts': ['noReExportAll'],
      'src/chan/a.ts': ['noDefaultExport'],
      'src/chan/b.ts': ['noBarrelFile'],
      'src/sync/index.ts': [],
    })
  })
})
