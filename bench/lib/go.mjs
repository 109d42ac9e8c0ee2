import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where golang.org/x/time is; Debian's package unless told. */
const xtime = process.env['XTIME'] ?? '/usr/share/gocode/src/golang.org/x/time'

/**
 * Builds the Go side once.
 *
 * @returns {{ command: string, version: string } | { absent: string }}
 */
export function buildGo() {
  const asked = spawnSync('go', ['version'], { encoding: 'utf8' })
  if (asked.error !== undefined || asked.status !== 0)
    return { absent: 'no `go` on this machine (Debian: apt install golang): Go is left out' }
  const cache = fileURLToPath(new URL('../.cache/', import.meta.url))
  mkdirSync(cache, { recursive: true })
  const command = `${cache}rival`
  const cwd = fileURLToPath(new URL('../go/', import.meta.url))
  const built = spawnSync('go', ['build', ...withLimiters(cache), '-o', command, '.'], { cwd, encoding: 'utf8' })
  if (built.status !== 0) return { absent: `the Go side does not build, Go is left out: ${built.stderr.trim()}` }
  return { command, version: asked.stdout.trim().replace(/^go version /, '') }
}

/**
 * What builds the limiters in: Go has them in a module of its own.
 *
 * @param {string} cache
 */
function withLimiters(cache) {
  if (!existsSync(`${xtime}/rate`)) {
    console.log('no golang.org/x/time (Debian: apt install golang-golang-x-time-dev): Go has no limiters')
    return []
  }
  const lines = [
    'module warren/bench',
    'go 1.19',
    'require golang.org/x/time v0.0.0',
    `replace golang.org/x/time => ${xtime}`,
  ]
  writeFileSync(`${cache}limiters.mod`, `${lines.join('\n')}\n`)
  return ['-tags', 'xtime', '-modfile', `${cache}limiters.mod`]
}
