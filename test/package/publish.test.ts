import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { expect, inject, test } from 'vitest'

const root = new URL('../..', import.meta.url)

test('publint finds nothing to say about the package', async () => {
  const pkgDir = join(inject('consumer'), 'node_modules/warren')
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false })
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
})

test('every entry resolves to matching types for ESM and for bundlers', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(inject('tarball'))))
  if (analysis.types === false) throw new Error('the package has no types')
  // An ESM-only package: what CommonJS and the resolution before `exports` see does not count.
  const problems = analysis.problems.filter(
    (problem) => !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
  )
  expect(problems).toEqual([])
})

test('the package depends on nothing, and the lock file names no registry', () => {
  const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { dependencies?: object }
  expect(manifest.dependencies ?? {}).toEqual({})
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, { resolved?: string; hasInstallScript?: boolean; optional?: boolean }>
  }
  for (const [path, { resolved, hasInstallScript }] of Object.entries(lock.packages)) {
    expect(resolved, `${path} is resolved to a host`).toBeUndefined()
    // fsevents belongs to macOS, and works without its script.
    if (path !== 'node_modules/fsevents') expect(hasInstallScript, `${path} has an install script`).toBeUndefined()
  }
})
