import { describe, expect, test } from 'vitest'
import { Limiter, type Reservation } from 'warren/resilience'

const { POSITIVE_INFINITY: infinity } = Number
/** Far from now, and far from the origin of any clock: nothing may hang on when it is. */
const epochs = [0, Date.UTC(2000, 0, 1), Date.UTC(2038, 0, 19), -1e12, 8e15]

for (const epoch of epochs) {
  const at = (ms: number): Date => new Date(epoch + ms)
  const delayFrom = (reservation: Reservation, ms: number): number => reservation.delayFrom(at(ms))

  describe(`times are exact, in the year ${at(0).getUTCFullYear()}:`, () => {
    test('thirds of a second are whole nanoseconds, rounded down', () => {
      const limiter = new Limiter(3, 1)
      const delays = [0, 1, 2, 3].map(() => delayFrom(limiter.reserveN(at(0), 1), 0))
      expect(delays).toEqual([0, 333.333333, 666.666666, 1000])
      expect(limiter.tokensAt(at(1000))).toBe(0)
    })

    test('what has come in thirds of a second is not there yet', () => {
      const limiter = new Limiter(1 / 3, 1)
      expect(limiter.allowN(at(0), 1)).toBe(true)
      expect(limiter.tokensAt(at(1500))).toBe(0.5)
      expect(limiter.allowN(at(2999), 1)).toBe(false)
      expect(limiter.allowN(at(3000), 1)).toBe(true)
    })

    test('a delay counts down to zero', () => {
      const limiter = new Limiter(7, 1)
      limiter.allowN(at(0), 1)
      const reservation = limiter.reserveN(at(0), 1)
      const delays = [0, 100, 142, 143, 1000, -100].map((ms) => delayFrom(reservation, ms))
      expect(delays).toEqual([142.857142, 42.857142, 0.857142, 0, 0, 242.857142])
    })

    test('a reservation made later is told apart by a nanosecond', () => {
      const limiter = new Limiter(3, 3)
      limiter.allowN(at(0), 3)
      const first = limiter.reserveN(at(0), 1)
      const last = limiter.reserveN(at(100), 1)
      expect([delayFrom(first, 100), delayFrom(last, 100)]).toEqual([233.333333, 566.666666])
      first.cancelAt(at(200))
      expect(limiter.tokensAt(at(200)), 'a nanosecond is left of it').toBeCloseTo(-1.4, 8)
      last.cancelAt(at(200))
      expect(limiter.tokensAt(at(200))).toBeCloseTo(-0.4, 8)
    })
  })
}

const at = (ms: number): Date => new Date(Date.UTC(2024, 0, 1) + ms)

describe('tokens', () => {
  test('are the burst at first, whatever the time', () => {
    const limiter = new Limiter(1, 4)
    expect([limiter.tokens(), limiter.tokensAt(at(0)), limiter.tokensAt(new Date(0))]).toEqual([4, 4, 4])
  })

  test('come one by one, and in parts', () => {
    const limiter = new Limiter(10, 4)
    limiter.allowN(at(0), 4)
    expect([0, 50, 100, 399, 400, 1e9].map((ms) => limiter.tokensAt(at(ms)))).toEqual([0, 0.5, 1, 3.99, 4, 4])
  })

  test('to look at them changes nothing', () => {
    const limiter = new Limiter(10, 2)
    limiter.allowN(at(0), 2)
    limiter.tokensAt(at(1e9))
    expect(limiter.tokensAt(at(50))).toBe(0.5)
  })

  test('below zero are owed to those who wait', () => {
    const limiter = new Limiter(10, 2)
    for (let i = 0; i < 3; i++) limiter.reserveN(at(0), 2)
    expect(limiter.tokensAt(at(0))).toBe(-4)
    expect(limiter.tokensAt(at(600))).toBe(2)
  })
})

describe('without a limit', () => {
  test('everything may happen at once, whatever the burst', () => {
    const limiter = new Limiter(infinity, 0)
    expect(limiter.allowN(at(0), 1e9)).toBe(true)
    expect(limiter.allow()).toBe(true)
    const reservation = limiter.reserveN(at(0), 1e9)
    expect([reservation.ok, reservation.delayFrom(at(0)), reservation.delayFrom(at(-50))]).toEqual([true, 0, 50])
    reservation.cancelAt(at(0))
    expect([limiter.limit, limiter.burst, limiter.tokensAt(at(0))]).toEqual([infinity, 0, 0])
  })

  test('the bucket is full as soon as any time has passed', () => {
    const limiter = new Limiter(1, 5)
    limiter.allowN(at(0), 5)
    limiter.setLimitAt(at(0), infinity)
    expect([limiter.tokensAt(at(0)), limiter.tokensAt(at(1))]).toEqual([0, 5])
    limiter.setLimitAt(at(0), 1)
    expect(limiter.tokensAt(at(0))).toBe(0)
  })

  test('nothing is taken: a limit that is set later finds the bucket as it was', () => {
    const limiter = new Limiter(infinity, 2)
    limiter.allowN(at(0), 100)
    limiter.setLimitAt(at(0), 1)
    expect([2, 1].map((n) => limiter.allowN(at(0), n))).toEqual([true, false])
  })

  test('a reservation is given back to the limit that is set later, up to the burst', () => {
    const limiter = new Limiter(infinity, 3)
    const reservation = limiter.reserveN(at(0), 2)
    limiter.setLimitAt(at(0), 1)
    limiter.allowN(at(0), 3)
    reservation.cancelAt(at(0))
    expect(limiter.tokensAt(at(0))).toBe(2)
  })
})

describe('a limit of zero', () => {
  test('gives what is there, then reservations for never', () => {
    const limiter = new Limiter(0, 2)
    expect(limiter.reserveN(at(0), 2).delayFrom(at(0))).toBe(0)
    const never = limiter.reserveN(at(0), 1)
    expect([never.ok, never.delayFrom(at(0)), never.delayFrom(at(1e12))]).toEqual([true, infinity, infinity])
    expect(limiter.tokensAt(at(1e12))).toBe(-1)
    never.cancelAt(at(5))
    expect(limiter.tokensAt(at(5))).toBe(0)
  })

  test('with a burst of zero gives nothing at all', () => {
    const limiter = new Limiter(0, 0)
    expect([limiter.allow(), limiter.reserve().ok, limiter.allowN(at(0), 0)]).toEqual([false, false, true])
  })

  test('and what it owes is to be paid when there is a limit again', () => {
    const limiter = new Limiter(0, 1)
    limiter.reserveN(at(0), 1)
    limiter.reserveN(at(0), 1)
    limiter.setLimitAt(at(0), 10)
    expect(limiter.reserveN(at(0), 1).delayFrom(at(0))).toBe(200)
  })
})

describe('a tiny limit', () => {
  test('means never when it takes longer than 292 years', () => {
    const limiter = new Limiter(1e-10, 1)
    expect(limiter.reserveN(at(0), 1).delayFrom(at(0))).toBe(0)
    expect(limiter.reserveN(at(0), 1).delayFrom(at(0))).toBe(infinity)
    const slow = new Limiter(1e-9, 1)
    slow.reserveN(at(0), 1)
    expect(slow.reserveN(at(0), 1).delayFrom(at(0)), '32 years').toBeCloseTo(1e12, 0)
  })
})

describe('a reservation', () => {
  test('for more than the burst is not ok, lasts for ever, and cannot be cancelled', () => {
    const limiter = new Limiter(10, 2)
    const reservation = limiter.reserveN(at(0), 3)
    expect([reservation.ok, reservation.delay(), reservation.delayFrom(at(0))]).toEqual([false, infinity, infinity])
    reservation.cancel()
    reservation.cancelAt(at(0))
    expect(limiter.tokensAt(at(0))).toBe(2)
  })

  test('of nothing waits for what is owed, takes nothing and gives nothing back', () => {
    const limiter = new Limiter(10, 2)
    limiter.reserveN(at(0), 2)
    limiter.reserveN(at(0), 1)
    const nothing = limiter.reserveN(at(0), 0)
    expect(nothing.delayFrom(at(0))).toBe(100)
    nothing.cancelAt(at(0))
    expect(limiter.tokensAt(at(0))).toBe(-1)
  })

  test('may be cancelled up to its time, that included', () => {
    const limiter = new Limiter(10, 1)
    limiter.allowN(at(0), 1)
    const reservation = limiter.reserveN(at(0), 1)
    reservation.cancelAt(at(100))
    expect(limiter.tokensAt(at(100)), 'the one that has come, and its own').toBe(1)
  })

  test('does not give back what exceeds the burst', () => {
    const limiter = new Limiter(10, 2)
    const reservation = limiter.reserveN(at(0), 1)
    expect(reservation.delayFrom(at(0))).toBe(0)
    reservation.cancelAt(at(0))
    reservation.cancelAt(at(0))
    expect(limiter.tokensAt(at(0))).toBe(2)
  })

  test('cancelled last to first gives everything back', () => {
    const limiter = new Limiter(10, 5)
    limiter.allowN(at(0), 5)
    const reservations = [1, 2, 3].map((n) => limiter.reserveN(at(0), n))
    expect(limiter.tokensAt(at(0))).toBe(-6)
    for (const reservation of reservations.reverse()) reservation.cancelAt(at(0))
    expect(limiter.tokensAt(at(0))).toBe(0)
  })

  test('that is over is not the last event, for what is cancelled after it', () => {
    const limiter = new Limiter(1, 10)
    limiter.allowN(at(0), 10)
    const slow = limiter.reserveN(at(0), 2)
    limiter.setLimitAt(at(0), 10)
    const fast = limiter.reserveN(at(0), 1)
    expect([slow, fast].map((reservation) => reservation.delayFrom(at(0)))).toEqual([2000, 300])
    fast.cancelAt(at(250))
    expect(limiter.tokensAt(at(250))).toBe(0.5)
    slow.cancelAt(at(250))
    expect(limiter.tokensAt(at(250)), 'as in Go').toBeCloseTo(4.2, 9)
  })

  test('keeps its time when limit or burst change', () => {
    const limiter = new Limiter(10, 2)
    limiter.allowN(at(0), 2)
    const reservation = limiter.reserveN(at(0), 2)
    limiter.setLimitAt(at(0), 1000)
    limiter.setBurstAt(at(0), 0)
    expect([reservation.ok, reservation.delayFrom(at(0))]).toEqual([true, 200])
  })
})

describe('setLimitAt', () => {
  test('counts what came before at the old limit, and what comes after at the new one', () => {
    const limiter = new Limiter(10, 10)
    limiter.allowN(at(0), 10)
    limiter.setLimitAt(at(100), 100)
    expect([limiter.limit, limiter.tokensAt(at(100)), limiter.tokensAt(at(150))]).toEqual([100, 1, 6])
  })
})

describe('setBurstAt', () => {
  test('fills up to the old burst before, and to the new one after', () => {
    const limiter = new Limiter(10, 2)
    limiter.setBurstAt(at(0), 5)
    expect([limiter.burst, limiter.tokensAt(at(0)), limiter.tokensAt(at(200)), limiter.tokensAt(at(1e6))]).toEqual([
      5, 2, 4, 5,
    ])
  })

  test('to less lets what is too much go', () => {
    const limiter = new Limiter(10, 5)
    limiter.setBurstAt(at(0), 2)
    expect(limiter.tokensAt(at(0))).toBe(2)
    limiter.setBurstAt(at(0), 5)
    expect(limiter.tokensAt(at(0))).toBe(2)
  })
})

describe('wrong arguments are refused at the call:', () => {
  const limiter = new Limiter(1, 1)
  const [typeError, rangeError] = ['ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE']
  const date = new Date(0)
  const notIntegers = [-1, 0.5, Number.NaN, infinity]
  const cases: [string, unknown, () => unknown][] = [
    ['a limit that is no number', typeError, () => new Limiter('1' as never, 1)],
    ['a limit that is NaN', rangeError, () => new Limiter(Number.NaN, 1)],
    ['a burst that is no number', typeError, () => new Limiter(1, undefined as never)],
    ...notIntegers.map((n): (typeof cases)[number] => [`a burst of ${n}`, rangeError, () => new Limiter(1, n)]),
    ['setLimit of no number', typeError, () => limiter.setLimit(null as never)],
    ['setLimitAt of NaN', rangeError, () => limiter.setLimitAt(date, Number.NaN)],
    ['setBurst of a fraction', rangeError, () => limiter.setBurst(1.5)],
    ['setBurstAt of no number', typeError, () => limiter.setBurstAt(date, '2' as never)],
    ['allowN of a fraction', rangeError, () => limiter.allowN(date, 0.5)],
    ['reserveN of less than nothing', rangeError, () => limiter.reserveN(date, -1)],
  ]
  const withDates: [string, (at: Date) => unknown][] = [
    ['allowN', (at) => limiter.allowN(at, 1)],
    ['reserveN', (at) => limiter.reserveN(at, 1)],
    ['tokensAt', (at) => limiter.tokensAt(at)],
    ['setLimitAt', (at) => limiter.setLimitAt(at, 1)],
    ['setBurstAt', (at) => limiter.setBurstAt(at, 1)],
    ['delayFrom', (at) => new Limiter(1, 1).reserve().delayFrom(at)],
    ['cancelAt', (at) => new Limiter(1, 1).reserve().cancelAt(at)],
  ]
  for (const [name, call] of withDates) {
    cases.push([`${name} at a number`, typeError, () => call(0 as never)])
    cases.push([`${name} at an invalid Date`, rangeError, () => call(new Date(Number.NaN))])
  }
  for (const [name, code, call] of cases) {
    test(name, () => {
      expect(call).toThrow(expect.objectContaining({ code }))
      expect([limiter.limit, limiter.burst, limiter.tokensAt(date)]).toEqual([1, 1, 1])
    })
  }
})
