// What has happened so far, in numbers and in words.

import { MalformedError } from './entry.ts'

export class Tally {
  bytes = 0
  lines = 0
  malformed = 0
  firstMalformed: string | undefined
  /** Entries that came when their window had been given out. */
  late = 0
  readonly #startMs = performance.now()

  /** Anything but a line that cannot be read is a mistake of ours. */
  addMalformed(error: unknown): void {
    if (!(error instanceof MalformedError)) throw error
    this.malformed++
    this.firstMalformed ??= error.message.slice(0, 200)
  }

  /** "1,234,567 lines, 123.4 MB, 81.3 MB/s" */
  progress(): string {
    const seconds = (performance.now() - this.#startMs) / 1000
    return `${counted(this.lines, 'line')}, ${megabytes(this.bytes)}, ${megabytes(this.bytes / seconds)}/s`
  }

  /** What is said at the end, a line each. */
  summary(): string[] {
    const { malformed, firstMalformed, late } = this
    const lines = [`${this.progress()}, in ${megabytes(process.resourceUsage().maxRSS * 1024)} of memory`]
    if (malformed > 0)
      lines.push(`${counted(malformed, 'line')} malformed, the first is ${JSON.stringify(firstMalformed)}`)
    if (late > 0) lines.push(`${counted(late, 'line')} too late for their window, left out (see --late)`)
    return lines
  }
}

const counted = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
