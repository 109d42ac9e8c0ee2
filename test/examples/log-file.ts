// Writes a web server's log of which everything is known.
import { closeSync, openSync, writeSync } from 'node:fs'

interface Known {
  readonly startMs: number
  requests: number
  errors: number
  bytes: number
  readonly paths: Map<string, number>
}

export interface KnownLog {
  readonly windows: readonly Known[]
  lines: number
  malformed: number
  bytes: number
}

const hourMs = 3_600_000
const malformed = [
  '',
  'not a line of a log',
  '10.0.0.1 - - [32/Foo/2025:99:00:00 +0000] "GET / HTTP/1.1" 200 1',
  '\u0000�',
]
const pad = (n: number): string => String(n).padStart(2, '0')

/** At least `bytes` of lines, over `hours` hours; every 1,000th line is malformed, and every 100th a few seconds late. */
export function writeLog(path: string, bytes: number, hours: number): KnownLog {
  const first = Date.UTC(2025, 0, 1)
  const windows = Array.from({ length: hours }, (_, i): Known => {
    return { startMs: first + i * hourMs, requests: 0, errors: 0, bytes: 0, paths: new Map() }
  })
  const log: KnownLog = { windows, lines: 0, malformed: 0, bytes: 0 }
  const agent = '"https://example.com/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"'
  const file = openSync(path, 'w')
  for (const [hour, window] of windows.entries()) {
    for (let second = 0; second < 3600; second++) {
      let text = ''
      while (log.bytes + text.length < (bytes * (hour * 3600 + second + 1)) / (hours * 3600)) {
        const n = log.lines++
        if (n % 1000 === 999) {
          log.malformed++
          text += `${malformed[(n / 1000) & 3]}\n`
          continue
        }
        // As a slow request is logged when it ends: with the time at which it began.
        const at = n % 100 === 99 && hour + second > 0 ? second - 7 : second
        const to = at < 0 ? windows[hour - 1] : window
        const whose = to ?? window
        const time = new Date(Math.max(first, window.startMs + at * 1000))
        // Some paths come much more often than others, and which ones is another matter every hour.
        const path = `/p/${Math.floor(((n * 7919) % 1000) ** 2 / 1000) + hour}`
        const status = n % 50 === 0 ? 500 : 200
        const size = n % 10_000
        whose.requests++
        whose.bytes += size
        if (status === 500) whose.errors++
        whose.paths.set(path, (whose.paths.get(path) ?? 0) + 1)
        const clock = `${pad(time.getUTCHours())}:${pad(time.getUTCMinutes())}:${pad(time.getUTCSeconds())}`
        const date = `${pad(time.getUTCDate())}/Jan/2025:${clock} +0000`
        text += `10.0.${n & 255}.1 - - [${date}] "GET ${path}?q=${n} HTTP/1.1" ${status} ${size} ${agent}\n`
      }
      log.bytes += writeSync(file, text)
    }
  }
  closeSync(file)
  return log
}

/** What the program prints of it. */
export function printed({ windows }: KnownLog, top: number): string {
  return windows
    .flatMap(({ startMs, requests, errors, bytes, paths }) => [
      `${new Date(startMs).toISOString()} ${requests} requests, ${errors} errors, ${bytes} bytes\n`,
      ...[...paths]
        .sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1))
        .slice(0, top)
        .map(([path, count]) => `${String(count).padStart(10)} ${path}\n`),
    ])
    .join('')
}
