import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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
  const built = spawnSync('go', ['build', '-o', command, '.'], { cwd, encoding: 'utf8' })
  if (built.status !== 0) return { absent: `the Go side does not build, Go is left out: ${built.stderr.trim()}` }
  return { command, version: asked.stdout.trim().replace(/^go version /, '') }
}
