// The tests that start programs run a build of their own, made once before all tests: `dist` of the checkout may be
// old, or be written at this very moment.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** This package as npm would install it, its optional dependencies included. */
    builtPackage: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

export function setup(project: TestProject): () => void {
  const built = realpathSync(mkdtempSync(join(tmpdir(), 'warren-built-')))
  copyFileSync(join(root, 'package.json'), join(built, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'), 'junction')
  // Types are the business of `npm run types`: the compiler writes its output in spite of errors.
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(built, 'dist')]
  const { error, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (error !== undefined) throw error
  if (!existsSync(join(built, 'dist/cli/main.js'))) throw new Error(`the build failed:\n${stdout}`)
  project.provide('builtPackage', built)
  return () => rmSync(built, { recursive: true, force: true })
}
