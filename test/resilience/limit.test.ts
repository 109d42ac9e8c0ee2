import { describe, expect, test } from 'vitest'
import { Hour, Minute, Second } from 'warren'
import { every, Limiter, per } from 'warren/resilience'

describe('a limit', () => {
  test('of one event every so many milliseconds is a number per second', () => {
    expect(every(Second)).toBe(1)
    expect(every(1 / 3)).toBe(3000)
    expect(every(Number.POSITIVE_INFINITY)).toBe(0)
  })

  test('of so many events in a time is the same as one event in its part of the time', () => {
    expect(per(10, Second)).toBe(10)
    expect(per(90, Minute)).toBe(1.5)
    expect(per(1, Hour)).toBe(every(Hour))
    expect(per(5, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(per(Number.POSITIVE_INFINITY, Second)).toBe(Number.POSITIVE_INFINITY)
  })

  test('is a number', () => {
    const wrongType = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' })
    const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' })
    expect(() => every('1' as never)).toThrow(wrongType)
    expect(() => every(Number.NaN)).toThrow(outOfRange)
    expect(() => per('1' as never, 1)).toThrow(wrongType)
    expect(() => per(1, 1n as never)).toThrow(wrongType)
    expect(() => per(1, Number.NaN)).toThrow(outOfRange)
    for (const events of [0, -1, Number.NaN]) expect(() => per(events, 1)).toThrow(outOfRange)
  })

  test('below zero is as good as zero, as in Go', () => {
    const limiter = new Limiter(-5, 1)
    expect([limiter.allow(), limiter.allow(), limiter.reserve().delay()]).toEqual([
      true,
      false,
      Number.POSITIVE_INFINITY,
    ])
  })
})
