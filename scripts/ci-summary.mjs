// Adds up vitest's JSON reports and the steps that failed, and prints the one closing line of a CI run:
//   node scripts/ci-summary.mjs REPORT_DIRECTORY FAILED_STEPS
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [directory, failedSteps] = process.argv.slice(2)
let passed = 0
let failed = Number(failedSteps)
let skipped = 0

for (const name of readdirSync(directory).sort()) {
  try {
    const report = JSON.parse(readFileSync(join(directory, name), 'utf8'))
    passed += report.numPassedTests
    failed += report.numFailedTests
    skipped += report.numPendingTests + report.numTodoTests
    console.log(`${name}: ${report.numPassedTests} passed, ${report.numFailedTests} failed`)
  } catch (error) {
    failed += 1
    console.log(`${name}: unreadable (${error instanceof Error ? error.message : error})`)
  }
}
if (passed === 0) failed += 1

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1
