import { describe, expect, test } from 'vitest'
import { Pool } from 'warren'
import { Canary } from '../support/gc.ts'

describe('Pool', () => {
  test('makes an object only when none is idle', () => {
    let made = 0
    const pool = new Pool(() => ({ n: ++made }))
    const all = [pool.get(), pool.get(), pool.get()]
    for (const object of all) pool.put(object)
    expect(new Set([pool.get(), pool.get(), pool.get()])).toEqual(new Set(all))
    expect(made).toBe(3)
    expect(pool.get().n).toBe(4)
  })

  test('keeps at most `max`', () => {
    let made = 0
    const pool = new Pool(() => ++made, { max: 2 })
    for (const n of [10, 20, 30]) pool.put(n)
    expect([pool.get(), pool.get(), pool.get()]).toEqual([10, 20, 1])
    pool.put(40)
    pool.put(50)
    expect(new Set([pool.get(), pool.get()])).toEqual(new Set([40, 50]))
    const none = new Pool(() => 'new', { max: 0 })
    none.put('old')
    expect(none.get()).toBe('new')
  })

  test('keeps what is false or zero, and drops undefined and null', () => {
    const pool = new Pool<unknown>(() => 'new')
    for (const value of [undefined, null]) pool.put(value)
    expect(pool.get()).toBe('new')
    for (const value of [0, '', false]) {
      pool.put(value)
      expect(pool.get()).toBe(value)
    }
  })

  test('is collected, with what is in it', async () => {
    const canary = new Canary()
    const fill = (): void => {
      const pool = new Pool(() => canary.hatch())
      Object.assign(pool, { canary: canary.hatch() })
      for (let i = 0; i < 9; i++) pool.put(canary.hatch())
    }
    fill()
    expect(await canary.collected(10)).toBe(10)
  })

  test('wants a function and a limit that is an integer', () => {
    expect(() => new Pool(undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    for (const max of [-1, 0.5, Number.NaN]) {
      expect(() => new Pool(() => 1, { max })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    }
    expect(() => new Pool(() => 1, { max: '1' as never })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
    const failing = new Pool(() => {
      throw new Error('cannot')
    })
    expect(() => failing.get()).toThrow('cannot')
  })
})
