// `npm test`: every check, in order, going on after a failure so that one run tells everything.
// `npm test -- types unused` runs only the named ones.
import { spawnSync } from 'node:child_process'

const checks = ['lint', 'format:check', 'types', 'unused', 'build', 'test:unit', 'test:package']

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !checks.includes(name))
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')} (there are: ${checks.join(', ')})`)
  process.exit(2)
}

const results = []
for (const name of asked.length > 0 ? checks.filter((check) => asked.includes(check)) : checks) {
  const start = performance.now()
  console.log(`\n── ${name}`)
  const { status } = spawnSync('npm', ['run', '--silent', name], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  results.push({ name, ok: status === 0, seconds: ((performance.now() - start) / 1000).toFixed(1) })
}

console.log('')
for (const { name, ok, seconds } of results) console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(14)} ${seconds} s`)
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
