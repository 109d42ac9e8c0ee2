// The tests that start programs run what was built: brings `dist` up to date with `src`, once before all tests.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export function setup(): void {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  const builtAt = Math.min(...sources.map((path) => modifiedAt(join(root, 'dist', path.replace(/\.ts$/, '.js')))))
  if (builtAt >= Math.max(...sources.map((path) => modifiedAt(join(root, 'src', path))))) return
  // Types are the business of `npm run types`: the compiler writes its output in spite of errors.
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { error, stdout } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root })
  if (error !== undefined) throw error
  if (modifiedAt(join(root, 'dist/cli/main.js')) === 0) throw new Error(`the build failed:\n${stdout}`)
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
