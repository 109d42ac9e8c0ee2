// What has happened so far, in numbers and in words.

import type { Digest } from './hash.ts'

export class Tally {
  /** Entries seen by the count that runs ahead; 0 when nobody asked for it. */
  found = 0
  /** Entries the writer is done with. */
  seen = 0
  files = 0
  bytes = 0
  errors = 0
  readonly #skipped = { 'directory link': 0, 'special file': 0, output: 0 }
  readonly #startMs = performance.now()

  add(digest: Digest): void {
    this.seen++
    if (digest.kind === 'skipped') this.#skipped[digest.why]++
    else if (digest.kind === 'failed') this.errors++
    else {
      this.files++
      this.bytes += digest.bytes
    }
  }

  /** "12,345 files, 350.1 MB, 120.4 MB/s" */
  progress(): string {
    return `${counted(this.files, 'file')}, ${size(this.bytes)}, ${size(this.bytes / this.#seconds)}/s`
  }

  summary(): string {
    const seconds = this.#seconds
    const rates = `${size(this.bytes / seconds)}/s, ${counted(Math.round(this.files / seconds), 'file')}/s`
    const { 'directory link': links, 'special file': specials, output } = this.#skipped
    const skipped = [
      links > 0 && `${counted(links, 'link')} to directories`,
      specials > 0 && counted(specials, 'special file'),
      output > 0 && 'the output itself',
    ].filter((part) => part !== false)
    return [
      `${counted(this.files, 'file')}, ${size(this.bytes)} in ${seconds.toFixed(1)} s (${rates})`,
      counted(this.errors, 'error'),
      ...(skipped.length > 0 ? [`skipped ${skipped.join(', ')}`] : []),
    ].join('; ')
  }

  get #seconds(): number {
    return (performance.now() - this.#startMs) / 1000
  }
}

const counted = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`

function size(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(bytes) / 3)))
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`
}
