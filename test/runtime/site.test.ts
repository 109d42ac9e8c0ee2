import { describe, expect, test } from 'vitest'
import { currentSite, formatFrames } from '../../src/runtime/site.ts'

describe('the frames of a stack', () => {
  test.each([
    ['    at work (file:///home/a/b.ts:3:14)', 'work(...)\n\t/home/a/b.ts:3:14'],
    ['    at file:///home/a/b.ts:3:14', '(anonymous)(...)\n\t/home/a/b.ts:3:14'],
    ['    at <anonymous> (/home/a/b.ts:3:14)', '(anonymous)(...)\n\t/home/a/b.ts:3:14'],
    ['    at async work (file:///home/a/b.ts:3:14)', 'work(...)\n\t/home/a/b.ts:3:14'],
    ['    at new Job (/home/a/b.js:3:14)', 'new Job(...)\n\t/home/a/b.js:3:14'],
    ['    at Object.run [as go] (/home/a/b.js:3:14)', 'Object.run [as go](...)\n\t/home/a/b.js:3:14'],
    ['    at work (file:///home/a%20b/c.ts:3:14)', 'work(...)\n\t/home/a b/c.ts:3:14'],
    ['    at work (file:///C:/a/b.ts:3:14)', 'work(...)\n\tC:/a/b.ts:3:14'],
    ['    at work (https://example.org/b.js:3:14)', 'work(...)\n\thttps://example.org/b.js:3:14'],
  ])('are printed as Go does: %s', (frame, expected) => {
    expect(formatFrames(`Error: at the top\n${frame}`)).toBe(expected)
  })

  test.each([
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    '    at Generator.next (<anonymous>)',
    '    at new Promise (<anonymous>)',
    '    at async Promise.all (index 0)',
    'SyntaxError: at home (really)',
  ])('leave out what says nothing: %s', (frame) => {
    expect(formatFrames(frame)).toBeUndefined()
  })

  test('leave out this package', () => {
    expect(currentSite()).toMatch(/^[^\n]+\n\t[^\n]*site\.test\.ts:\d+:\d+/)
    expect(currentSite()).not.toContain('/src/runtime/')
  })
})
