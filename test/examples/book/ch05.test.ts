import { expect } from 'vitest'
import { describeChapter, type Lines } from './chapter.ts'
import { inAnyOrder, numbered } from './lines.ts'

const id = '\\[[0-9a-z-]+\\]'

/** Twenty requests, at these seconds, and then the end. */
const at =
  (seconds: readonly number[]) =>
  (lines: Lines): void => {
    const requests = lines.slice(0, 20).map((line) => line.split(' '))
    expect(requests.map(([second = '']) => Number.parseFloat(second))).toEqual(seconds)
    const names = requests.map(([, name = '']) => name)
    inAnyOrder(...numbered(10, () => 'ReadFile'), ...numbered(10, () => 'ResolveAddress'))(names)
    expect(lines.slice(20)).toEqual(['Done.'])
  }

const oneByOne = (from: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i * step)

const repeated = (count: number, ...lines: string[]): string[] => Array.from({ length: count }, () => lines).flat()

describeChapter('ch05', {
  'fig-error-propagation': {
    prints: ([line = '', ...others]) => {
      expect(line).toMatch(new RegExp(`^${id} There was an unexpected issue; please report this as a bug\\.$`))
      expect(others).toEqual([])
    },
  },
  'fig-error-propagation-corrected': {
    prints: ([line = '', ...others]) => {
      expect(line).toMatch(new RegExp(`^${id} cannot run job "1": requisite binaries not available$`))
      expect(others).toEqual([])
    },
  },
  'fig-interval-heartbeat': { prints: repeated(5, 'pulse', 'pulse', 'results'), tookMs: 10_000 },
  'fig-interval-heartbeat-misbehaving-goroutine': {
    prints: ['pulse', 'pulse', 'worker goroutine is not healthy!'],
    tookMs: 4000,
    isInAnyOrder: true,
  },
  'fig-work-unit-pulse': {
    prints(lines) {
      const results = lines.filter((line) => /^results \d$/.test(line))
      expect(lines).toEqual(results.flatMap((line) => ['pulse', line]))
      expect(results.length).toBe(10)
    },
    isInAnyOrder: true,
  },
  'bad-concurrent-test': {
    prints: ['begins after 0.5s: PASS', 'begins after 2s: FAIL: test timed out'],
    tookMs: 500 + 1000,
    isInAnyOrder: true,
  },
  'concurrent-test': {
    prints: ['begins after 0.5s: PASS', 'begins after 2s: PASS'],
    tookMs: 500 + 2000,
    isInAnyOrder: true,
  },
  'interval-concurrent-test': { prints: ['PASS'], tookMs: 10_000, isInAnyOrder: true },
  'fig-no-rate-limit': { prints: at(oneByOne(0, 0, 20)), tookMs: 0, isInAnyOrder: true },
  'fig-simple-rate-limit': { prints: at(oneByOne(0, 1, 20)), tookMs: 19_000, isInAnyOrder: true },
  'fig-multi-rate-limit': {
    prints: at([...oneByOne(0, 0.5, 10), ...oneByOne(6, 6, 10)]),
    tookMs: 60_000,
    isInAnyOrder: true,
  },
  'fig-tiered-rate-limit': {
    prints(lines) {
      at([0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9, ...oneByOne(12, 6, 9)])(lines)
    },
    tookMs: 60_000,
  },
  'fig-example-steward-usage': {
    prints: [
      ...repeated(2, "ward: Hello, I'm irresponsible!", 'steward: ward unhealthy; restarting', 'ward: I am halting.'),
      "ward: Hello, I'm irresponsible!",
      'main: halting steward and ward.',
      'ward: I am halting.',
      'Done',
    ],
    tookMs: 9000,
  },
  'fig-more-complicated-ward': {
    prints(lines) {
      expect(lines.filter((line) => line.startsWith('Received'))).toEqual(repeated(3, 'Received: 1', 'Received: 2'))
      expect(lines.filter((line) => line === 'negative value: -1').length).toBeGreaterThanOrEqual(2)
      expect(lines.filter((line) => line.startsWith('steward')).length).toBe(2)
    },
    isInAnyOrder: true,
  },
  'replicated-request': {
    prints(lines) {
      const servers = lines.flatMap((line) => [...line.matchAll(/^#\d (took|would have taken) ([\d.]+)s/g)])
      const fastest = servers.toSorted(([, , a], [, , b]) => Number(a) - Number(b))[0]![0]
      expect(servers.length).toBe(10)
      expect(lines.filter((line) => line.includes(' took '))).toEqual([fastest])
      expect(lines).toContain(`Received an answer from ${fastest.slice(0, 2)}`)
    },
  },
  'hedged-request': {
    prints: [
      'one server: the slowest of 600 took 1000 ms',
      'hedged: the slowest took 20 ms',
      'for 20 more requests, 20 of which were faster',
    ],
  },
  'duplicate-messages': {
    prints: ['sending 1', 'handled 1', 'sending 2', 'sending 2', 'handled 2', 'sending 3', 'handled 3'],
    tookMs: 100 + 1500 + 100,
    isInAnyOrder: true,
  },
  preemptability: {
    prints: [
      'coarse: context deadline exceeded, and stopped after 10s',
      'fine: context deadline exceeded, and stopped after 3s',
    ],
    tookMs: 13_000,
    isInAnyOrder: true,
  },
  'shared-state': {
    prints: [
      'writeAsItGoes: context deadline exceeded: [first,second]',
      'writeAsItGoes: complete: [first,second,third]',
      'writeAtTheEnd: context deadline exceeded: []',
      'writeAtTheEnd: complete: [first,second,third]',
    ],
    tookMs: 2 * (2500 + 3000),
    isInAnyOrder: true,
  },
})
