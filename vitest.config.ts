import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

// Set by CI: a directory that gets one JSON report per run.
const reports = process.env['TEST_REPORTS']
const reportName = [process.env['TEST_LABEL'] ?? 'run', process.env['npm_lifecycle_event'] ?? 'vitest']
  .join('-')
  .replaceAll(':', '-')

export default defineConfig({
  resolve: {
    alias: [
      { find: /^warren$/, replacement: source('index.ts') },
      { find: /^warren\/(context|sync|pipeline|resilience|debug|testing)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    reporters: reports ? ['default', ['json', { outputFile: join(reports, `${reportName}.json`) }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**', '**/node_modules/**'],
          globalSetup: ['test/program/build.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/pack.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
