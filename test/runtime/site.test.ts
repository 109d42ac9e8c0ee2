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

describe('the current site', () => {
  test('is told apart by who called, and by the place of the call', () => {
    const here = (): string | undefined => currentSite()
    const other = (): string | undefined => here()
    const sites = [1, 2].map(() => [here(), here(), other()])
    expect(new Set(sites.flat()).size).toBe(3)
    expect(sites[1]).toEqual(sites[0])
  })

  test('of code that was evaluated is its own', () => {
    const make = (name: string): unknown =>
      new Function('site', `return function ${name}() { return site() }`)(currentSite)
    const [first, second] = [make('a1'), make('b2')] as [() => string, () => string]
    expect(first()).toContain('a1(...)')
    expect(second()).toContain('b2(...)')
  })

  test('leaves the stacks of others as they were', () => {
    const { stackTraceLimit, prepareStackTrace } = Error
    currentSite()
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
    expect(Error.prepareStackTrace).toBe(prepareStackTrace)
    expect(new Error('x').stack).toContain('site.test.ts')
  })
})
