// Type-checks all examples at once: the compiler has no JavaScript API, so that they are files, and it is a process.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the compiler says about the modules in `directory`: empty when it is content. */
export function typeCheck(root: string, directory: string): string {
  const source = (path: string): string[] => [join(root, 'src', path)]
  const configuration = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: {
        warren: source('index.ts'),
        'warren/context': source('context/index.ts'),
        'warren/sync': source('sync/index.ts'),
        'warren/debug': source('debug/index.ts'),
        'warren/pipeline': source('pipeline/index.ts'),
        'warren/resilience': source('resilience/index.ts'),
        'warren/testing': source('testing/index.ts'),
        vitest: [join(root, 'node_modules/vitest/dist/index.d.ts')],
      },
    },
    include: ['*.mts'],
  }
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', directory, '--pretty', 'false'], {
    cwd: directory,
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`.trim()
}
