import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtPackage, Project, runWithWarren } from '../support/program.ts'

describe('warren run', () => {
  test('runs TypeScript that has to be transformed, not only stripped', async () => {
    const ended = await runWithWarren(`
      import { chan, go, Chan, Context } from 'warren'
      enum Color { Red, Green }
      namespace Names { export const green = Color[Color.Green] }
      class Pair { constructor(readonly left: number, private right: number) {} get sum() { return this.left + this.right } }
      const ch: Chan<Pair> = chan<Pair>()
      go(function* () { yield* ch.send(new Pair(1, 2)) })
      const pair = <Pair>(await ch.receive())!
      console.log(pair.sum satisfies number, Names.green, undefined as unknown as Context)
    `)
    expect(ended).toMatchObject({ code: 0, stdout: '3 Green undefined\n', stderr: '' })
  })

  test('runs using and await using on every version of Node', async () => {
    const ended = await runWithWarren(`
      function resource(name: string) { return { name, [Symbol.dispose]() { console.log('end of', name) } } }
      async function scope() {
        using a = resource('a')
        await using b = { async [Symbol.asyncDispose]() { await null; console.log('end of b') } }
        for (using c of [resource('c')]) console.log('in', a.name, c.name)
        throw new Error('left')
      }
      await scope().catch((error) => console.log(error.message))
    `)
    expect(ended.stderr).toBe('')
    expect(ended.stdout).toBe('in a c\nend of c\nend of b\nend of a\nleft\n')
  })

  test('runs JavaScript, also with using', async () => {
    using project = new Project({
      'program.mjs': `import { b } from './b.js'\n{ using r = { [Symbol.dispose]() { console.log('disposed', b) } } }`,
      'b.js': `export const b = 1`,
    })
    expect(await project.warren(['run', 'program.mjs']).ended).toMatchObject({ stdout: 'disposed 1\n', stderr: '' })
  })

  test('runs CommonJS', async () => {
    using project = new Project({
      'package.json': '{}',
      'program.cts': `const { b }: { b: number } = require('./b.cjs')\nconsole.log(b, typeof module)`,
      'b.cjs': `exports.b = 1`,
    })
    expect(await project.warren(['run', 'program.cts']).ended).toMatchObject({ stdout: '1 object\n', stderr: '' })
  })

  test.each(['{}', '{ "type": "commonjs" }', '{ "type": "module" }'])(
    'takes a .ts file with imports for a module, whatever package.json says: %s',
    async (manifest) => {
      using project = new Project({
        'package.json': manifest,
        'program.ts': `import { b } from './b.ts'\nconsole.log(await Promise.resolve(b))`,
        'b.ts': `export const b: number = 1`,
      })
      expect(await project.warren(['run', 'program.ts']).ended).toMatchObject({ stdout: '1\n', stderr: '' })
    },
  )

  test('finds TypeScript by its own names, by compiled names and without extension, and packages', async () => {
    using project = new Project({
      'program.ts': `
        import a from './lib/a.ts'
        import b from './lib/b.js'
        import c from './lib/c.mjs'
        import d from './lib/d'
        import e from './lib'
        import dependency from 'dependency'
        import { chan } from 'warren'
        import { goroutines } from 'warren/debug'
        const late = await import('./lib/a.js')
        console.log(a, b, c, d, e, dependency, late.default, typeof chan, goroutines().length)
      `,
      'lib/a.ts': `export default 'a' as string`,
      'lib/b.ts': `export default 'b' as string`,
      'lib/c.mts': `export default 'c' as string`,
      'lib/d.ts': `export default 'd' as string`,
      'lib/index.ts': `export default 'e' as string`,
      'node_modules/dependency/package.json': `{ "type": "module", "exports": "./main.js" }`,
      'node_modules/dependency/main.js': `export default 'dependency'`,
    })
    const { stdout, stderr } = await project.warren(['run', 'program.ts']).ended
    expect(stderr).toBe('')
    expect(stdout).toBe('a b c d e dependency a function 1\n')
  })

  test('is the main module of the process, in import.meta.main', async () => {
    using project = new Project({
      'program.ts': `#!/usr/bin/env -S warren run\nimport './b.ts'\nconsole.log('main:', import.meta.main)`,
      'b.ts': `console.log('b:', Boolean((import.meta as { main?: boolean }).main))`,
      'program.mjs': `console.log('main:', import.meta.main)`,
    })
    expect((await project.warren(['run', 'program.ts']).ended).stdout).toBe('b: false\nmain: true\n')
    expect((await project.warren(['run', 'program.mjs']).ended).stdout).toBe('main: true\n')
  })

  test('gives the places of the source in stacks, also behind what was transformed', async () => {
    const { stdout } = await runWithWarren(`enum Color {
  Red,
}
interface Unused {
  a: number
}
{
  using nothing = null
  function here(): Error { return new Error('x') }
  console.log(here().stack)
}
`)
    expect(stdout).toMatch(/at here \(.*program\.ts:9:35\)\n\s+at .*program\.ts:10:15/)
  })
})

describe('a program that cannot be loaded', () => {
  test('because of its syntax is exit status 1 with the place', async () => {
    const ended = await runWithWarren(`const a = 1\nconst b: = 2\n`)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^warren: Unexpected token\n/)
    expect(ended.stderr).toContain('program.ts:2:10')
  })

  test('because of its JavaScript is told as Node does', async () => {
    using project = new Project({ 'program.mjs': 'const a = 1\nconst a = 2\n' })
    const ended = await project.warren(['run', 'program.mjs']).ended
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/program\.mjs:2\nconst a = 2\n +\^\n\nSyntaxError: Identifier 'a' has already been/)
  })

  test('because an import leads nowhere is exit status 1 with the name', async () => {
    const ended = await runWithWarren(`import { a } from './absent.ts'\nconsole.log(a)`)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^warren: Cannot find module .*absent\.ts' imported from .*program\.ts\n$/)
  })

  test('because an import has no such name is exit status 1 with the name', async () => {
    const ended = await runWithWarren(`import { absent } from 'warren'\nconsole.log(absent)`)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain(
      `SyntaxError: The requested module 'warren' does not provide an export named 'absent'`,
    )
  })

  test('but a SyntaxError of its own making is a panic', async () => {
    const ended = await runWithWarren(`JSON.parse('{')`)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/^panic: /)
  })
})

describe('without the transpiler', () => {
  const hasOwnTypeStripping = Boolean((process.features as { typescript?: unknown }).typescript)

  /** A project with a copy of the package that finds no optional dependency. */
  function bareProject(files: { readonly [path: string]: string }): Project {
    const project = new Project(files)
    mkdirSync(join(project.path, 'bare'))
    for (const name of ['package.json', 'dist'])
      cpSync(join(builtPackage, name), join(project.path, 'bare', name), { recursive: true })
    return project
  }

  test('JavaScript runs', async () => {
    using project = bareProject({ 'program.mjs': `console.log('runs')` })
    expect(await project.node(['bare/dist/cli/main.js', 'run', 'program.mjs']).ended).toMatchObject({
      stdout: 'runs\n',
    })
  })

  test.runIf(hasOwnTypeStripping)("TypeScript runs by Node's own type stripping", async () => {
    using project = bareProject({
      'program.ts': `import { b } from './b.js'\n{ using r = null }\nconsole.log(b satisfies number)`,
      'b.ts': `export const b: number = 1`,
    })
    const ended = await project.node(['bare/dist/cli/main.js', 'run', 'program.ts']).ended
    expect(ended).toMatchObject({ code: 0, stdout: '1\n', stderr: '' })
  })

  test.skipIf(hasOwnTypeStripping)('TypeScript is refused with what to install', async () => {
    using project = bareProject({ 'program.ts': `console.log(1 as number)` })
    const ended = await project.node(['bare/dist/cli/main.js', 'run', 'program.ts']).ended
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(
      /^warren: Node .* cannot run TypeScript by itself.*: npm install --save-dev oxc-transform/,
    )
  })
})
