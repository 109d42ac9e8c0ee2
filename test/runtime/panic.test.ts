import { describe, expect, test } from 'vitest'
import { GoroutineRecord } from '../../src/runtime/goroutine-record.ts'
import { formatPanic } from '../../src/runtime/panic.ts'

const record = Object.assign(new GoroutineRecord(7, 3), { name: 'work' })

describe('a panic', () => {
  test.each([
    { value: new Error('boom'), message: 'boom' },
    { value: new TypeError(''), message: 'TypeError' },
    { value: 'a text', message: 'a text' },
    { value: 42, message: '42' },
    { value: 10n, message: '10n' },
    { value: undefined, message: 'undefined' },
    { value: null, message: 'null' },
    { value: Symbol('s'), message: 'Symbol(s)' },
    { value: { code: 7 }, message: '{"code":7}' },
    { value: Object.create(null), message: '{}' },
    {
      value: {
        toJSON() {
          throw new Error('no')
        },
      },
      message: 'an object',
    },
  ])('of $message begins with it', ({ value, message }) => {
    expect(formatPanic(record, value).split('\n').slice(0, 3)).toEqual([
      `panic: ${message}`,
      '',
      'goroutine 7 [running]:',
    ])
  })

  test('gives the stack of an error', () => {
    function failing(): Error {
      return new Error('boom')
    }
    expect(formatPanic(record, failing()).split('\n')[3]).toBe('failing(...)')
    expect(formatPanic(record, failing()).split('\n')[4]).toMatch(/^\t\/.*panic\.test\.ts:\d+:\d+$/)
  })

  test('gives the name of the goroutine where there is no stack', () => {
    expect(formatPanic(record, 1)).toBe('panic: 1\n\ngoroutine 7 [running]:\nwork(...)\n\tsite not recorded')
  })

  test('says who started the goroutine', () => {
    const known = Object.assign(new GoroutineRecord(7, 3), {
      createdAt: 'starter(...)\n\t/a.ts:5:6\nx(...)\n\t/b.ts:1:1',
    })
    expect(formatPanic(known, 1)).toMatch(/\ncreated by starter in goroutine 3\n\t\/a\.ts:5:6$/)
  })

  test('tells the causes, each with its stack', () => {
    const error = new Error('outer', { cause: new Error('inner', { cause: 'the root' }) })
    const parts = formatPanic(record, error).split('\n\n')
    expect(parts.map((part) => part.split('\n')[0])).toEqual([
      'panic: outer',
      'goroutine 7 [running]:',
      'caused by: inner',
      'caused by: the root',
    ])
    expect(parts[2]).toContain('panic.test.ts')
  })

  test('ends although an error causes itself, or throws when looked at', () => {
    const error = new Error('round')
    error.cause = error
    expect(formatPanic(record, error)).toContain('caused by: round')
    const hostile = Object.defineProperty(new Error('hostile'), 'cause', {
      get() {
        throw new Error('no')
      },
    })
    expect(formatPanic(record, hostile)).toContain('panic: hostile')
  })
})
