import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed tarball. */
    tarball: string
    /** An empty project outside the checkout, into which the tarball was installed. */
    consumer: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

// Builds and packs a copy: `dist/` of the checkout stays as it is, and no stale file of it gets into the tarball.
export default function setup(project: TestProject): () => void {
  const temporary = mkdtempSync(join(tmpdir(), 'warren-package-'))
  const copy = join(temporary, 'warren')
  mkdirSync(copy)
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name))
  }
  const run = (cwd: string, command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

  run(root, 'npx', '--no-install', 'tsc', '-p', 'tsconfig.build.json', '--outDir', join(copy, 'dist'))
  const [packed] = JSON.parse(run(copy, 'npm', 'pack', '--ignore-scripts', '--json')) as [{ filename: string }]
  const tarball = join(copy, packed.filename)

  const consumer = join(temporary, 'consumer')
  mkdirSync(consumer)
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  run(consumer, 'npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball)

  project.provide('tarball', tarball)
  project.provide('consumer', consumer)
  return () => rmSync(temporary, { recursive: true, force: true })
}
