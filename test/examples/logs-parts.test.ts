import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Hour, Minute } from 'warren'
import { fromIterable, type Result } from 'warren/pipeline'
import { type Entry, MalformedError, parseEntry } from '../../examples/logs/entry.ts'
import { linesOf } from '../../examples/logs/lines.ts'
import { help, parseOptions, UsageError } from '../../examples/logs/options.ts'
import { Tally } from '../../examples/logs/tally.ts'
import { TopCounts } from '../../examples/logs/top-counts.ts'
import { windowsOf } from '../../examples/logs/windows.ts'
import { Scratch } from './digest-program.ts'

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

describe('an entry', () => {
  test('is read in the common format, and in the combined one', () => {
    const common = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif?x=1 HTTP/1.0" 200 2326'
    const entry = { atMs: Date.UTC(2000, 9, 10, 20, 55, 36), path: '/apache_pb.gif', status: 200, bytes: 2326 }
    expect(parseEntry(common)).toEqual(entry)
    expect(parseEntry(`${common} "http://ref/" "Mozilla/4.08"\r`)).toEqual(entry)
    expect(parseEntry(common.replace('2326', '-'))).toEqual({ ...entry, bytes: 0 })
  })

  const good = 'h - - [01/Jan/2025:00:00:00 +0000] "GET / HTTP/1.1" 200 5'
  const wrong = ['', good.slice(10), good.replace('01/', '32/'), good.replace('Jan', 'anF'), good.replace('"GET', '"')]
  test.each([...wrong, good.replace('200', '-'), good.replace(':00 ', ' ')])('%j is none', (line) => {
    expect(() => parseEntry(line)).toThrow(MalformedError)
  })
})

describe('lines', () => {
  test('come as they are in the file, whatever pieces it is read in, and are counted', async () => {
    using scratch = new Scratch()
    // Larger than a piece, with characters of several bytes everywhere.
    const lines = Array.from({ length: 40_000 }, (_, i) => `řádek ${i} 🐎`.repeat(1 + (i % 3)))
    for (const end of ['', '\n']) {
      const text = lines.join('\n') + end
      writeFileSync(scratch.join('file'), text)
      const tally = new Tally()
      expect((await collected(linesOf(scratch.join('file'), tally))).flat()).toEqual(lines)
      expect([tally.lines, tally.bytes]).toEqual([lines.length, Buffer.byteLength(text)])
    }
  })
})

describe('top counts', () => {
  test('are exact while there are few', () => {
    const counts = new TopCounts(2)
    for (const key of 'abracadabra') if (key !== 'd') counts.add(key)
    expect(counts.top(3)).toEqual([
      ['a', 5],
      ['b', 2],
      ['r', 2],
    ])
    expect(counts.error).toBe(0)
  })

  test('are at most `error` too low, and that is at most one in `capacity` of all, in bounded memory', () => {
    const keys = fc.array(
      fc.integer({ min: 0, max: 40 }).map((n) => String(Math.floor(n ** 2 / 40))),
      { maxLength: 400 },
    )
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 10 }), (keys, capacity) => {
        const counts = new TopCounts(capacity)
        const exact = new Map<string, number>()
        for (const key of keys) {
          counts.add(key)
          exact.set(key, (exact.get(key) ?? 0) + 1)
        }
        const kept = new Map(counts.top(Number.POSITIVE_INFINITY))
        expect(kept.size).toBeLessThanOrEqual(2 * capacity)
        expect(counts.error).toBeLessThanOrEqual(keys.length / capacity)
        for (const [key, count] of exact) {
          const least = kept.get(key) ?? 0
          expect(least).toBeLessThanOrEqual(count)
          expect(least + counts.error).toBeGreaterThanOrEqual(count)
        }
      }),
    )
  })
})

describe('windows', () => {
  const at = (minutes: number, path = '/', status = 200): Result<Entry> => {
    return { ok: true, value: { atMs: minutes * Minute, path, status, bytes: 10 } }
  }
  const grouping = { windowMs: Hour, lateMs: 5 * Minute, maxPaths: 10 }
  const windows = (entries: Iterable<Result<Entry>>, tally = new Tally()) =>
    windowsOf(fromIterable(entries), grouping, tally)

  test('count what is in them', async () => {
    const [first, second, ...others] = await collected(windows([at(0, '/a'), at(59, '/b', 503), at(60, '/a', 404)]))
    expect(others).toEqual([])
    expect(first).toMatchObject({ startMs: 0, requests: 2, errors: 1, bytes: 20 })
    expect(second).toMatchObject({ startMs: Hour, requests: 1, errors: 0, bytes: 10 })
    expect(second!.paths.top(2)).toEqual([['/a', 1]])
  })

  test('wait for what is late, and no longer; later still is counted', async () => {
    const tally = new Tally()
    const all = await collected(windows([at(30), at(62), at(59), at(65), at(58), at(64)], tally))
    expect(all.map(({ startMs, requests }) => [startMs / Hour, requests])).toEqual([
      [0, 2],
      [1, 3],
    ])
    expect(tally.late).toBe(1)
  })

  test('are given out as soon as they are complete, in order', async () => {
    let read = 0
    function* entries() {
      for (const minute of [62, 59, 130, 250]) {
        read++
        yield at(minute)
      }
    }
    const iterator = windows(entries())
    const reads: number[][] = []
    for await (const { startMs } of iterator) reads.push([startMs / Hour, read])
    expect(reads).toEqual([
      [0, 3],
      [1, 3],
      [2, 4],
      [4, 4],
    ])
  })

  test('do not mind lines that are malformed; any other error is thrown', async () => {
    const tally = new Tally()
    const malformed: Result<Entry> = { ok: false, error: new MalformedError('x'.repeat(1000)) }
    expect(await collected(windows([malformed, at(0), malformed], tally))).toHaveLength(1)
    expect([tally.malformed, tally.firstMalformed]).toEqual([2, 'x'.repeat(200)])
    await expect(collected(windows([{ ok: false, error: new RangeError('a mistake') }]))).rejects.toThrow('a mistake')
  })
})

describe('the options of the log pipeline', () => {
  const wrong: Record<string, [args: string[], message: string]> = {
    'no file': [[], 'one FILE, not 0'],
    'a window of no time': [['a', '--window', '0s'], '--window must be a time such as 30s, 5m or 1h, not "0s"'],
    'a part of a line': [['a', '-n', '0.5'], '--top must be a whole number of at least 0, not "0.5"'],
    'an unknown option': [['--fast'], "Unknown option '--fast'"],
  }
  for (const [title, [args, message]] of Object.entries(wrong)) {
    test(`${title} is refused`, () => {
      expect(() => parseOptions(args)).toThrow(UsageError)
      expect(() => parseOptions(args)).toThrow(message)
    })
  }

  test('are all in the help', () => {
    expect(parseOptions(['-h'])).toBe('help')
    for (const word of ['--window', '--top', '--late', '--paths', '--quiet']) expect(help).toContain(word)
  })
})
