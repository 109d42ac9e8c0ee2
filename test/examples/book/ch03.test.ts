import { expect } from 'vitest'
import { describeChapter, type Lines } from './chapter.ts'
import { inAnyOrder, nsOf, numbered } from './lines.ts'

const calculatorsIn = ([line = '']: Lines): number => Number(/^(\d+) calculators were created\.$/.exec(line)![1])

const transcript = [...numbered(5, (i) => `Sending: ${i}`), 'Producer Done.', ...numbered(5, (i) => `Received ${i}.`)]

const greetings = ['hello', 'greetings', 'good day']

describeChapter('ch03', {
  'fig-join-point': { prints: ['hello'], isInAnyOrder: true },
  'fig-goroutine-closure': { prints: ['welcome'], isInAnyOrder: true },
  'racy/fig-goroutine-closure-loop': {
    prints(lines) {
      expect(greetings).toEqual(expect.arrayContaining([...lines]))
      expect(lines, 'somebody has lost his word').not.toEqual(greetings)
    },
    outcomes: [['good day', 'good day', 'good day'], greetings],
    exploration: { schedules: 500 },
  },
  'fig-goroutine-closure-loop-correct': {
    prints: inAnyOrder(...greetings),
    outcomes: [greetings, greetings.toReversed()],
    isInAnyOrder: true,
  },
  'fig-goroutine-size': {
    prints([line = '']) {
      const kb = Number(/^(\d+\.\d{3})kb$/.exec(line)![1])
      expect(kb).toBeGreaterThan(0.1)
      expect(kb).toBeLessThan(10)
    },
    isMeasured: true,
  },
  'fig-ctx-switch-test': {
    prints(lines) {
      expect(lines.length).toBe(2)
      for (const line of lines) expect(nsOf(line)).toBeGreaterThan(0)
    },
    isMeasured: true,
  },
  'waitgroup/fig-wait-group': {
    prints(lines) {
      inAnyOrder('1st goroutine sleeping...', '2nd goroutine sleeping...')(lines.slice(0, 2))
      expect(lines.slice(2)).toEqual(['All goroutines complete.'])
    },
    tookMs: 2,
    isInAnyOrder: true,
  },
  'fig-bulk-add': { prints: inAnyOrder(...numbered(5, (i) => `Hello from ${i}!`, 1)), isInAnyOrder: true },
  'fig-mutex': {
    prints(lines) {
      expect(lines.length).toBe(13)
      expect(lines.filter((line) => line.startsWith('Incrementing: ')).length).toBe(6)
      expect(lines.filter((line) => line.startsWith('Decrementing: ')).length).toBe(6)
      expect(lines.slice(-2)).toEqual([expect.stringMatching(/: 0$/), 'Arithmetic complete.'])
    },
    isInAnyOrder: true,
  },
  'fig-rwlock': {
    prints([header, ...rows]) {
      expect(header).toMatch(/Readers +RWMutex +Mutex/)
      const cells = rows.map((row) => row.match(/[\d.]+/g)!.map(Number))
      expect(cells.map(([readers]) => readers)).toEqual(numbered(9, String).map((i) => 2 ** Number(i)))
      // Five turns of the writer, with the readers all at once between them; or all of them one after the other.
      for (const [readers, shared, exclusive] of cells) {
        expect(shared).toBe(6)
        expect(exclusive).toBe(5 + readers!)
      }
    },
  },
  'fig-cond-based-queue': {
    prints(lines) {
      expect(lines.filter((line) => line === 'Adding to queue').length).toBe(10)
      expect(lines.filter((line) => line === 'Removed from queue').length).toBeGreaterThanOrEqual(8)
    },
    tookMs: 4000,
    isInAnyOrder: true,
  },
  'fig-cond-broadcast': {
    prints: inAnyOrder('Maximizing the window.', 'Showing a dialog box.', 'Counting the click.'),
    isInAnyOrder: true,
  },
  'fig-sync-once': { prints: ['Count is 1'], isInAnyOrder: true },
  'fig-sync-once-diff-funcs': { prints: ['Count: 1'], isInAnyOrder: true },
  'fig-sync-once-do-deadlock': {
    code: 2,
    stdout: '',
    stderr: /^fatal error: all goroutines are asleep - deadlock!\n\nwait-for cycle:\n.*\(initA\).*\n.*\(initB\)/m,
  },
  'fig-sync-pool-basic': { prints: ['Creating new instance.', 'Creating new instance.'] },
  'racy/fig-sync-pool': {
    prints: (lines) => expect(calculatorsIn(lines), 'updates are lost').toBeLessThan(100),
    outcomes: [(lines) => calculatorsIn(lines) < 8, (lines) => calculatorsIn(lines) > 16],
    exploration: { schedules: 20 },
  },
  'fig-benchmark-slow-network-service-test': {
    prints: ([line = '']) => expect(nsOf(line)).toBe(1e9),
    tookMs: 5000,
  },
  'fig-benchmark-fast-network-service-test': {
    prints: ([line = '']) => expect(nsOf(line)).toBe(0),
    tookMs: 1000,
  },
  'fig-simple-chan': { prints: ['Hello channels!'], isInAnyOrder: true },
  'fig-chan-recv-multi-value': { prints: ['(true): Hello channels!'], isInAnyOrder: true },
  'fig-reading-from-closed-channel': { prints: ['(false): 0'] },
  'fig-iterating-over-channel': { prints: ['1 2 3 4 5'], isInAnyOrder: true },
  'fig-unblocking-goroutines': {
    prints([first, ...others]) {
      expect(first).toBe('Unblocking goroutines...')
      inAnyOrder(...numbered(5, (i) => `${i} has begun`))(others)
    },
    isInAnyOrder: true,
  },
  'racy/fig-using-buffered-chans': {
    prints(lines) {
      expect(transcript).toEqual(expect.arrayContaining([...lines]))
      expect(lines.length, 'lines are lost').toBeLessThan(transcript.length)
    },
    outcomes: [(lines) => lines.length === transcript.length, (lines) => lines.length <= 6],
    exploration: { strategy: 'pct' },
  },
  'fig-chan-ownership': { prints: [...numbered(6, (i) => `Received: ${i}`), 'Done receiving!'], isInAnyOrder: true },
  'fig-select-blocking': { prints: ['Unblocked 5.00s later.'], tookMs: 5000, isInAnyOrder: true },
  'fig-select-uniform-distribution': {
    prints(lines) {
      const [c1, c2] = lines.map((line) => Number(/Count: (\d+)$/.exec(line)![1]))
      expect(lines).toEqual([`c1Count: ${c1}`, `c2Count: ${c2}`])
      expect(c1! + c2!).toBe(1001)
      expect(Math.abs(c1! - c2!)).toBeLessThan(200)
    },
  },
  'fig-select-timeouts': { prints: ['Timed out.'], tookMs: 1000, isInAnyOrder: true },
  'fig-select-default-clause': { prints: ['In default after 0ns'], tookMs: 0 },
  'fig-select-for-select-default': {
    prints: ['Achieved 5 cycles of work before it was told to stop.'],
    tookMs: 5000,
  },
  'fig-defer-before-panic': {
    code: 2,
    stdout: 'before the panic\n',
    stderr: /^panic: paniced\n\ngoroutine 2 \[running\]:\nfail/,
  },
})
