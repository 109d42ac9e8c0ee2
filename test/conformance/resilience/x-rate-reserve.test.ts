import { describe, expect, test } from 'vitest'
import { Limiter } from 'warren/resilience'

/** The time after `n` tenths of a second. */
const tenths = (n: number): Date => new Date(Date.UTC(2024, 1, 29, 12) + 100 * n)

/** Reserves, and gives the time of the events, in tenths; undefined when the reservation is not ok. */
function reserveAt(limiter: Limiter, at: number, n: number): number | undefined {
  const reservation = limiter.reserveN(tenths(at), n)
  return reservation.ok ? at + reservation.delayFrom(tenths(at)) / 100 : undefined
}

describe('reserveN', () => {
  // Go: golang.org/x/time/rate, TestSimpleReserve
  test('gives the time at which there will be enough', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    expect(reserveAt(limiter, 0, 2)).toBe(2)
    expect(reserveAt(limiter, 3, 2)).toBe(4)
  })

  // Go: golang.org/x/time/rate, TestMix
  test('and allowN take from the same tokens', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 3), 'more than the burst').toBe(undefined)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    expect([limiter.tokensAt(tenths(1)), limiter.allowN(tenths(1), 2)]).toEqual([1, false])
    expect(reserveAt(limiter, 1, 2)).toBe(2)
    expect([limiter.tokensAt(tenths(1)), limiter.allowN(tenths(1), 1)]).toEqual([-1, false])
    expect([limiter.tokensAt(tenths(3)), limiter.allowN(tenths(3), 1)]).toEqual([1, true])
  })

  // Go: golang.org/x/time/rate, TestReserveJumpBack
  test('goes on from where a clock that goes backwards is', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 1, 2)).toBe(1)
    expect(reserveAt(limiter, 0, 1), 'beyond the limit and the burst').toBe(1)
    expect(reserveAt(limiter, 2, 2)).toBe(3)
    expect(reserveAt(limiter, 0, 3)).toBe(undefined)
    expect(reserveAt(limiter, 2, 1), 'the refused one took nothing').toBe(4)
    expect(limiter.allowN(tenths(0), 2), 'the wait would be too long').toBe(false)
    expect(reserveAt(limiter, 2, 1), 'nor did this one').toBe(5)
  })

  // Go: golang.org/x/time/rate, TestReserveSetLimit
  test('after setLimitAt counts what is owed at the new limit', () => {
    const limiter = new Limiter(5, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    expect(reserveAt(limiter, 0, 2)).toBe(4)
    limiter.setLimitAt(tenths(2), 10)
    expect(reserveAt(limiter, 2, 1), 'beyond the limit and the burst').toBe(4)
  })

  // Go: golang.org/x/time/rate, TestReserveSetBurst
  test('after setBurstAt takes up to the new burst', () => {
    const limiter = new Limiter(5, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    expect(reserveAt(limiter, 0, 2)).toBe(4)
    limiter.setBurstAt(tenths(3), 4)
    expect(reserveAt(limiter, 0, 4), 'beyond the limit and the burst').toBe(9)
  })
})

describe('cancelAt', () => {
  // Go: golang.org/x/time/rate, TestCancelInvalid
  test('of a reservation that is not ok does nothing', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    const refused = limiter.reserveN(tenths(0), 3)
    expect(refused.ok).toBe(false)
    refused.cancelAt(tenths(0))
    expect(reserveAt(limiter, 0, 2)).toBe(2)
  })

  // Go: golang.org/x/time/rate, TestCancelLast
  test('gives the tokens of the last reservation back', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    const last = limiter.reserveN(tenths(0), 2)
    expect(last.delayFrom(tenths(0))).toBe(200)
    last.cancelAt(tenths(1))
    expect(reserveAt(limiter, 1, 2)).toBe(2)
  })

  // Go: golang.org/x/time/rate, TestCancelTooLate
  test('after its time does nothing', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    const last = limiter.reserveN(tenths(0), 2)
    last.cancelAt(tenths(3))
    expect(reserveAt(limiter, 3, 2)).toBe(4)
  })

  // Go: golang.org/x/time/rate, TestCancel0Tokens
  test('gives nothing back when a later reservation counts on all of it', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    const first = limiter.reserveN(tenths(0), 1)
    expect(first.delayFrom(tenths(0))).toBe(100)
    expect(reserveAt(limiter, 0, 1)).toBe(2)
    first.cancelAt(tenths(0))
    expect(reserveAt(limiter, 0, 1)).toBe(3)
  })

  // Go: golang.org/x/time/rate, TestCancel1Token
  test('gives that part back on which no later reservation counts', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    const first = limiter.reserveN(tenths(0), 2)
    expect(first.delayFrom(tenths(0))).toBe(200)
    expect(reserveAt(limiter, 0, 1)).toBe(3)
    first.cancelAt(tenths(2))
    expect(reserveAt(limiter, 2, 2)).toBe(4)
  })

  // Go: golang.org/x/time/rate, TestCancelMulti
  test('of a later reservation makes room for that of an earlier one', () => {
    const limiter = new Limiter(10, 4)
    expect(reserveAt(limiter, 0, 4)).toBe(0)
    const a = limiter.reserveN(tenths(0), 3)
    expect(a.delayFrom(tenths(0))).toBe(300)
    expect(reserveAt(limiter, 0, 1)).toBe(4)
    const c = limiter.reserveN(tenths(0), 1)
    expect(c.delayFrom(tenths(0))).toBe(500)
    c.cancelAt(tenths(1))
    a.cancelAt(tenths(1)) // two of three, as if the last one had never been
    expect(reserveAt(limiter, 1, 3)).toBe(5)
  })

  // Go: golang.org/x/time/rate, TestReserveJumpBackCancel
  test('goes on from where a clock that goes backwards is', () => {
    const limiter = new Limiter(10, 2)
    expect(reserveAt(limiter, 1, 2)).toBe(1)
    const second = limiter.reserveN(tenths(1), 2)
    expect(second.delayFrom(tenths(1))).toBe(200)
    expect(reserveAt(limiter, 1, 1)).toBe(4)
    second.cancelAt(tenths(0))
    expect(reserveAt(limiter, 1, 2), 'beyond the limit and the burst').toBe(4)
  })

  // Go: golang.org/x/time/rate, TestReserveSetLimitCancel
  test('counts at the limit of the reservation', () => {
    const limiter = new Limiter(5, 2)
    expect(reserveAt(limiter, 0, 2)).toBe(0)
    const second = limiter.reserveN(tenths(0), 2)
    expect(second.delayFrom(tenths(0))).toBe(400)
    limiter.setLimitAt(tenths(2), 10)
    second.cancelAt(tenths(2))
    expect(reserveAt(limiter, 2, 2)).toBe(3)
  })
})
