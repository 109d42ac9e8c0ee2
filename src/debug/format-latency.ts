// Waiting times as text, with a bar for each bucket.
import { invalidType } from '../errors/argument.ts'
import type { Histogram } from './histogram.ts'
import type { Latency } from './watch-latency.ts'

const barLength = 40
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/**
 * Goroutines or functions of a report of {@link watchLatency} as text: those first that waited the largest part of their
 * lives, with a histogram for each thing that they waited for. Without a newline at its end.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no array: the whole report, say.
 * @example
 * const watching = watchLatency()
 * const [greeter] = [go(function* greeter() {})]
 * await greeter.join()
 * console.log(formatLatency(watching.report().functions).includes('1 goroutine (greeter)')) // true
 * watching[Symbol.dispose]()
 */
export function formatLatency(
  latencies: readonly (Latency & ({ readonly id: number } | { readonly goroutines: number }))[],
): string {
  if (!Array.isArray(latencies)) throw invalidType('latencies', 'an array of latencies', latencies)
  return latencies
    .map((latency) => ({ latency, waited: shareOf(totalWait(latency), latency) }))
    .sort((a, b) => b.waited - a.waited)
    .map(({ latency }) => formatOne(latency))
    .join('\n\n')
}

function formatOne(latency: Latency & ({ readonly id: number } | { readonly goroutines: number })): string {
  const who = 'id' in latency ? `goroutine ${latency.id}` : plural(latency.goroutines, 'goroutine')
  const waited = percent(shareOf(totalWait(latency), latency))
  const lines = [`${who} (${latency.name || 'anonymous'}), waited ${waited} of ${formatMs(latency.lifeMs)}`]
  const place = latency.createdAt?.split('\n')[1]?.trim()
  if (place !== undefined) lines.push(`  created at ${place}`)
  const parked = [...latency.parked].sort(([, a], [, b]) => b.totalMs - a.totalMs)
  for (const [what, histogram] of [...parked, ['runnable', latency.runnable] as const]) {
    if (histogram.count > 0) lines.push(...formatHistogram(what, histogram, latency))
  }
  return lines.join('\n')
}

function formatHistogram(what: string, histogram: Histogram, latency: Latency): string[] {
  const { count, totalMs, meanMs, p50Ms, p99Ms, maxMs, buckets } = histogram
  const most = Math.max(...buckets.map((bucket) => bucket.count))
  return [
    `  ${what}: ${percent(shareOf(totalMs, latency))} of the time, ${plural(count, 'time')}; ` +
      `mean ${formatMs(meanMs)}, p50 ${formatMs(p50Ms)}, p99 ${formatMs(p99Ms)}, max ${formatMs(maxMs)}`,
    ...buckets.map(({ fromMs, toMs, count: inside }) => {
      const range = `${formatMs(fromMs).padStart(8)} - ${formatMs(toMs).padEnd(8)}`
      return `    ${range} ${bar(inside / most)} ${inside}`
    }),
  ]
}

function bar(share: number): string {
  const length = Math.max(1, Math.round(share * barLength * 8))
  return '█'.repeat(Math.floor(length / 8)) + eighths[length % 8]!
}

function totalWait({ runnable, parked }: Latency): number {
  return [...parked.values()].reduce((sum, { totalMs }) => sum + totalMs, runnable.totalMs)
}

function shareOf(ms: number, { lifeMs }: Latency): number {
  return lifeMs > 0 ? Math.min(1, ms / lifeMs) : 0
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function formatMs(ms: number): string {
  if (ms >= 1000) return `${threeDigits(ms / 1000)} s`
  return ms >= 1 || ms === 0 ? `${threeDigits(ms)} ms` : `${threeDigits(ms * 1000)} us`
}

function threeDigits(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
}
