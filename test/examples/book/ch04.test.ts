import { expect } from 'vitest'
import { describeChapter, type Lines } from './chapter.ts'
import { inAnyOrder, numbered } from './lines.ts'

const number = expect.stringMatching(/^0\.\d+$/)
const numberedNumbers = [1, 2, 3].map((i) => expect.stringMatching(`^${i}: 0\\.\\d+$`))
const noHost = (url: string): string => `error: Error: Get "${url}": no such host`

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
    leaves: [],
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
})
