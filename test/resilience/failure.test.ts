import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { background, ContextError, WarrenError, withCancel } from 'warren'
import { Failure, type FailureData, wellFormed, wrap } from 'warren/resilience'
import { bubble } from 'warren/testing'

const viaJson = (failure: Failure): Failure => Failure.from(JSON.parse(JSON.stringify(failure)) as FailureData)

describe('a Failure', () => {
  test(
    'says what happened, when, and under which id the log has it',
    bubble(async () => {
      const low = new Error('ENOENT')
      const failure = wrap(low, 'cannot run job "1"', { job: 1 })
      expect(failure).toBeInstanceOf(Failure)
      expect(failure).toBeInstanceOf(WarrenError)
      expect(failure).toBeInstanceOf(Error)
      expect(failure).toMatchObject({
        name: 'Failure',
        code: 'ERR_FAILURE',
        message: 'cannot run job "1"',
        cause: low,
        misc: { job: 1 },
        timestamp: new Date(),
        isUnexpected: false,
      })
      expect(failure.id).toMatch(/^[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{6}$/)
      expect(failure.stack).toContain('failure.test.ts')
      expect(inspect(failure)).toContain('ENOENT')
      const coded = new Failure('no room', { code: 'ERR_NO_ROOM' })
      expect([coded.code, 'cause' in coded]).toEqual(['ERR_NO_ROOM', false])
    }),
  )

  test('keeps its id from border to border', () => {
    const first = wrap(new Error('ENOENT'), 'the binary is not there')
    const second = wrap(first, 'cannot run the job')
    expect(second.id).toBe(first.id)
    expect(wrap(new Error('ENOENT'), 'the binary is not there').id).not.toBe(first.id)
    expect(new Failure('cannot run the job', { cause: first, id: '7' }).id).toBe('7')
  })

  test('has the same id and time in every run of a bubble, and ids that sort by time', async () => {
    const runs: string[][] = []
    for (let i = 0; i < 2; i++) {
      await bubble(async () => {
        const { id, timestamp } = new Failure('no room')
        runs.push([id, timestamp.toJSON(), new Failure('no room').id])
      })()
    }
    expect(runs[0]).toEqual(runs[1])
    expect(runs[0]![1]).toBe('2000-01-01T00:00:00.000Z')
    expect(runs[0]![0]).not.toBe(runs[0]![2])
    expect(new Failure('no room').id > runs[0]![0]!).toBe(true)
  })

  test('is well-formed as it is; anything else that reaches the top is a bug', () => {
    const failure = new Failure('cannot run job "1"')
    expect(wellFormed(failure)).toBe(failure)
    for (const bug of [new TypeError('x is not a function'), 'thrown', undefined, null]) {
      const made = wellFormed(bug)
      expect(made).toMatchObject({
        code: 'ERR_UNEXPECTED',
        isUnexpected: true,
        message: 'There was an unexpected issue; please report this as a bug.',
        cause: bug,
      })
    }
  })

  test('does not call it a bug to have been told to stop', () => {
    const ctx = withCancel(background())
    ctx.cancel()
    const made = wellFormed(ctx.err)
    expect(made).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', message: 'The operation was canceled.', cause: ctx.err })
    expect(made.isUnexpected).toBe(false)
    expect(ctx.err).toBeInstanceOf(ContextError)
  })

  test('refuses a message that is no string', () => {
    expect(() => wrap(new Error('ENOENT'), undefined as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
  })

  test('refuses options that are none', () => {
    expect(() => new Failure('no', null as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    for (const [timestamp, code] of [
      [new Date(Number.NaN), 'ERR_OUT_OF_RANGE'],
      [0 as never, 'ERR_INVALID_ARG_TYPE'],
    ] as const) {
      expect(() => new Failure('no', { timestamp })).toThrow(expect.objectContaining({ code }))
    }
  })

  test('may be derived from', () => {
    class JobError extends Failure {
      readonly job: number
      constructor(job: number) {
        super(`cannot run job ${job}`)
        this.job = job
      }
    }
    const error = new JobError(7)
    expect([error instanceof JobError, error instanceof Failure]).toEqual([true, true])
    expect(new Failure('other') instanceof JobError).toBe(false)
  })
})

describe('a Failure as data', () => {
  test('comes back as it was, with its causes', () => {
    const low = Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' })
    const inner = wrap(low, 'the page cannot be loaded', { url: 'http://localhost/' })
    const outer = wrap(inner, 'the job failed', { job: 1 })
    for (const back of [viaJson(outer), Failure.from(structuredClone(outer.toJSON()))]) {
      expect(back).toBeInstanceOf(Failure)
      expect(back).toMatchObject({
        name: 'Failure',
        code: 'ERR_FAILURE',
        message: 'the job failed',
        id: outer.id,
        timestamp: outer.timestamp,
        misc: { job: 1 },
        stack: outer.stack,
      })
      const cause = back.cause as Failure
      expect(cause).toBeInstanceOf(Failure)
      expect(cause).toMatchObject({ message: 'the page cannot be loaded', misc: { url: 'http://localhost/' } })
      const root = cause.cause as Error
      expect(root).toBeInstanceOf(Error)
      expect(root).toMatchObject({ name: 'TypeError', message: 'fetch failed', code: 'ECONNREFUSED', stack: low.stack })
      expect(JSON.stringify(back)).toBe(JSON.stringify(outer))
    }
  })

  test('keeps all errors of an AggregateError, and what was thrown though it is none', () => {
    const all = new AggregateError([new Error('first'), 'second', undefined], 'all failed')
    const back = viaJson(wrap(all, 'no server answers'))
    const cause = back.cause as AggregateError
    expect(cause).toBeInstanceOf(AggregateError)
    expect(cause.errors).toMatchObject([{ message: 'first' }, 'second', 'undefined'])
    expect(viaJson(wrap('a string', 'no')).cause).toBe('a string')
    expect(viaJson(wrap({ status: 404 }, 'no')).cause).toEqual({ status: 404 })
    expect('cause' in viaJson(new Failure('no'))).toBe(false)
  })

  test('can be made of anything that the log might hold', () => {
    const loop: Record<string, unknown> = { name: 'loop' }
    loop['self'] = loop
    const throws = {
      get secret(): never {
        throw new Error('no')
      },
    }
    const misc = {
      big: 10n,
      fn: function send() {},
      symbol: Symbol('s'),
      nan: Number.NaN,
      none: undefined,
      date: new Date(0),
      map: new Map([['a', 1]]),
      set: new Set([1, 2]),
      url: new URL('http://localhost/'),
      error: new Error('inside'),
      loop,
      throws,
      list: [1, [2n]],
    }
    const back = viaJson(new Failure('no', { misc })).misc
    expect(back).toMatchObject({
      big: '10n',
      fn: 'function send',
      symbol: 'Symbol(s)',
      nan: 'NaN',
      none: 'undefined',
      date: '1970-01-01T00:00:00.000Z',
      map: { a: 1 },
      set: [1, 2],
      url: 'http://localhost/',
      error: { name: 'Error', message: 'inside' },
      loop: { name: 'loop', self: 'an object' },
      throws: 'an object',
      list: [1, ['2n']],
    })
  })

  test('can be made of any cause, also one that throws when it is looked at', () => {
    const throws = (): never => {
      throw new Error('no')
    }
    const revoked = Proxy.revocable(new Error('gone'), {})
    revoked.revoke()
    const named = Object.assign(new Error('named'), { name: { toString: throws } })
    for (const thrown of [Object.defineProperty(new Error(), 'code', { get: throws }), revoked.proxy, named]) {
      const { cause } = viaJson(new Failure('no', { cause: new AggregateError([thrown], 'all', { cause: thrown }) }))
      expect(String(cause)).toBe('AggregateError: all')
      expect((cause as Error).cause).toMatch(/^an (object|instance of Error)$/)
    }
    const undated = Object.assign(new Error('undated'), { timestamp: new Date(Number.NaN) })
    expect(String(viaJson(new Failure('no', { cause: undated })).cause)).toBe('Error: undated')
  })

  test('ends, where causes do not', () => {
    const first: Error = new Error('first')
    const second = new Error('second', { cause: first })
    first.cause = second
    const back = viaJson(wrap(first, 'no'))
    expect((back.cause as Error).message).toBe('first')
    let deep = new Error('0')
    for (let i = 1; i < 100; i++) deep = new Error(String(i), { cause: deep })
    expect(JSON.stringify(wrap(deep, 'no')).match(/"message"/g)!.length).toBeLessThan(20)
  })

  test('knows errors of other realms', () => {
    const foreign = runInNewContext('new RangeError("far away")') as Error
    expect(foreign instanceof Error).toBe(false)
    expect(viaJson(wrap(foreign, 'no')).cause).toMatchObject({ name: 'RangeError', message: 'far away' })
  })

  test('is refused when it is none', () => {
    const failure = new Failure('no')
    expect(Failure.from(failure)).toBe(failure)
    const { id: _, ...withoutId } = failure.toJSON()
    for (const wrong of [
      null,
      undefined,
      7,
      'text',
      {},
      new Error('no'),
      withoutId,
      { ...withoutId, id: 'x', timestamp: 'y' },
    ]) {
      expect(() => Failure.from(wrong as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })
})
