import { expect } from 'vitest'
import { describeChapter, type Lines } from './chapter.ts'
import { inAnyOrder, nsOf, numbered } from './lines.ts'

const number = expect.stringMatching(/^0\.\d+$/)
const numberedNumbers = [1, 2, 3].map((i) => expect.stringMatching(`^${i}: 0\\.\\d+$`))
const noHost = (url: string): string => `error: Error: Get "${url}": no such host`

const primes = [50021, 50023, 50033, 50047, 50051, 50053, 50069, 50077, 50087, 50093].map((prime) => `\t${prime}`)

const twice = (...lines: string[]): Lines => [...lines, ...lines]

describeChapter('ch04', {
  'fig-confinement-ad-hoc': { prints: ['0', '0', '0', '0'], isInAnyOrder: true },
  'fig-confinement-ownership': {
    prints: [...numbered(6, (i) => `Received: ${i}`), 'Done receiving!'],
    isInAnyOrder: true,
  },
  'fig-confinement-structs': {
    prints: inAnyOrder('gol', 'ang'),
    outcomes: [
      ['gol', 'ang'],
      ['ang', 'gol'],
    ],
    isInAnyOrder: true,
  },
  'fig-goroutine-leaks-example': { prints: ['Done.'], leaves: ['chan receive (nil chan)'] },
  'fig-goroutine-leaks-cancellation': {
    prints: ['Canceling doWork goroutine...', 'doWork exited.', 'Done.'],
    tookMs: 1000,
    isInAnyOrder: true,
    leaves: [],
  },
  'fig-leak-from-blocked-channel-write': {
    prints: (lines) => expect(lines).toEqual(['3 random numbers:', ...numberedNumbers]),
    leaves: ['chan send'],
  },
  'fig-leak-from-blocked-channel-write-solved': {
    prints: (lines) =>
      expect(lines).toEqual([
        '3 random numbers:',
        ...numberedNumbers,
        'newRandStream closure exited.',
        '3 more:',
        ...[number, number, number],
      ]),
    isInAnyOrder: true,
    leaves: [],
  },
  'fig-or-channel': {
    prints: ['by hand: done after 1.00s', 'or: done after 1.00s'],
    tookMs: 2000,
    isInAnyOrder: true,
  },
  'fig-patterns-imporoper-err-handling': {
    prints: ['Response: 200 OK', 'Error: Get "https://badhost": no such host'],
    isInAnyOrder: true,
  },
  'fig-patterns-proper-err-handling': {
    prints: twice('Response: 200 OK', noHost('https://badhost')),
    isInAnyOrder: true,
  },
  'fig-stop-after-three-errors': {
    prints: [noHost('a'), 'Response: 200 OK', noHost('b'), noHost('c'), 'Too many errors, breaking!'],
    tookMs: 4 * 20,
    isInAnyOrder: true,
    leaves: [],
  },
  'fig-functional-pipeline-combination': { prints: ['3', '5', '7', '9'] },
  'fig-adding-additional-stage-to-pipeline': { prints: ['6', '10', '14', '18'] },
  'fig-pipelines-func-stream-processing': { prints: twice('6', '10', '14', '18') },
  'fig-pipelines-chan-stream-processing': { prints: twice('6', '10', '14', '18'), isInAnyOrder: true, leaves: [] },
  'fig-take-and-repeat-pipeline': { prints: twice('1 1 1 1 1 1 1 1 1 1'), isInAnyOrder: true, leaves: [] },
  'fig-utilizing-string-stage': { prints: twice('message: Iam.Iam.I...'), isInAnyOrder: true },
  'pipelines-test': {
    prints(lines) {
      expect(lines.length).toBe(2)
      for (const line of lines) expect(nsOf(line)).toBeGreaterThan(0)
    },
    isMeasured: true,
  },
  'fig-naive-prime-finder': { prints: ['Primes:', ...primes, 'Search took: 9.3s'], tookMs: 9300, isInAnyOrder: true },
  'fig-fan-out-naive-prime-finder': {
    prints(lines) {
      for (const search of [0, 1, 2].map((i) => lines.slice(12 * i, 12 * i + 12))) {
        expect(search[0]).toBe('Primes:')
        inAnyOrder(...primes)(search.slice(1, 11))
        expect(search[11]).toBe('Search took: 1.0s')
      }
    },
    tookMs: 3000,
    isInAnyOrder: true,
  },
  'or-done': { prints: twice('3 ticks'), tookMs: 7000, isInAnyOrder: true },
  tee: {
    prints: twice('left: 1, right: 1', 'left: 2, right: 2', 'left: 1, right: 1', 'left: 2, right: 2'),
    isInAnyOrder: true,
    leaves: [],
  },
  'fig-bridge-channel': { prints: twice('0 1 2 3 4 5 6 7 8 9'), isInAnyOrder: true, leaves: [] },
  'queuing/buffering-test': {
    prints: (lines) => expect(lines.map(nsOf)).toEqual([1e6, Math.round(1e6 / 4096)]),
    tookMs: 1024 + 256,
  },
  'queuing/littles-law': {
    prints([flow = '', byLaw = '', measured = '']) {
      const [arrivalRate, length] = flow.match(/[\d.]+/g)!.map(Number)
      expect(arrivalRate).toBeCloseTo(50, -1)
      expect(length).toBeGreaterThan(0.5)
      const [law] = byLaw.match(/[\d.]+/g)!
      expect(measured.match(/[\d.]+/g)).toEqual([law, law])
    },
  },
  'queuing/negative-feedback': {
    prints: [
      'can do 20 a second, does 15.0; at most 5 in the queue',
      'can do 5 a second, does 4.5; at most 20 in the queue',
      'can do 20 a second, does 16.0; at most 5 in the queue',
    ],
    tookMs: 90_000,
  },
  'death-spiral': {
    prints: [
      'no cure: 8, 4, 0, 0 answers a second; 602 in the queue',
      'late requests are skipped: 8, 4, 0, 2 answers a second; 43 in the queue',
      'the queue is bounded, and who is refused waits: 8, 10, 10, 10 answers a second; 4 in the queue',
    ],
    tookMs: 60_000,
  },
  'fig-greeter-with-done-chan': {
    prints: inAnyOrder('hello world!', 'goodbye world!'),
    tookMs: 60_000,
    isInAnyOrder: true,
  },
  'fig-greeter-with-context': {
    prints: ['cannot print greeting: context deadline exceeded', 'cannot print farewell: context canceled'],
    tookMs: 1000,
    isInAnyOrder: true,
  },
  'context-deadline': { prints: ['1s: context deadline exceeded, after 0s', '90s: EN/US, after 60s'], tookMs: 60_000 },
  'context-values': {
    prints: ['handling response for jane (auth: abc123)', 'handling response for undefined (auth: undefined)'],
  },
})
