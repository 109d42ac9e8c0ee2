import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const consumer = inject('consumer')
const manifest = JSON.parse(readFileSync(join(consumer, 'node_modules/warren/package.json'), 'utf8')) as {
  version: string
  exports: Record<string, unknown>
}
const entries = Object.keys(manifest.exports)
  .filter((key) => key !== './package.json')
  .map((key) => `warren${key.slice(1)}`)

cpSync(join(root, 'test/package/consumer'), consumer, { recursive: true })

/** Runs a file of the consumer with plain Node, and gives what it printed. */
const node = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: consumer, encoding: 'utf8', timeout: 30_000 })

describe('the packed tarball, installed into an empty project', () => {
  test.each(entries)('%s has named exports and no default export', (entry) => {
    const script = `console.log(JSON.stringify(Object.keys(await import('${entry}'))))`
    const names = JSON.parse(node('--input-type=module', '--eval', script)) as string[]
    expect(names.length).toBeGreaterThan(0)
    expect(names).not.toContain('default')
  })

  test.each(entries)('%s is used by both programs of this suite', (entry) => {
    for (const file of ['program.mjs', 'program.ts']) {
      expect(readFileSync(join(consumer, file), 'utf8')).toContain(`from '${entry}'`)
    }
  })

  test('a JavaScript program runs on it', () => {
    expect(JSON.parse(node('program.mjs'))).toEqual({
      sum: 14,
      sent: 3,
      case: 'done',
      cause: 'enough',
      id: 'r-1',
      listed: true,
      doubled: [2, 4],
      tries: 1,
      leaks: 0,
    })
  })

  // skipLibCheck is off and no @types are installed: the declarations must stand on their own.
  test.each([
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ])('a TypeScript program compiles against it with moduleResolution $moduleResolution', (resolution) => {
    const config = {
      compilerOptions: {
        ...resolution,
        target: 'es2022',
        lib: ['es2023', 'esnext.disposable', 'dom'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
      },
      files: ['program.ts'],
    }
    const file = join(consumer, `tsconfig.${resolution.moduleResolution}.json`)
    writeFileSync(file, JSON.stringify(config))
    const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', file], {
      cwd: consumer,
      encoding: 'utf8',
    })
    expect(tsc.stdout).toBe('')
    expect(tsc.status).toBe(0)
  })

  test('its command is on the path and knows its version', () => {
    const command = join(consumer, 'node_modules/.bin/warren')
    expect(execFileSync(command, ['--version'], { encoding: 'utf8' })).toContain(manifest.version)
  })
})
