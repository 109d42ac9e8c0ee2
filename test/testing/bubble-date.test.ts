// Points in time and random numbers inside a bubble.
import { performance as importedPerformance } from 'node:perf_hooks'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { go, sleep } from 'warren'
import { bubble } from 'warren/testing'

const RealDate = Date
const start = Date.UTC(2000, 0, 1)

afterEach(() => void vi.restoreAllMocks())

describe('Date', () => {
  test(
    'tells the time of the bubble in every form',
    bubble(async () => {
      await sleep(1500.5)
      expect(Date.now()).toBe(start + 1500)
      expect(new Date().toJSON()).toBe('2000-01-01T00:00:01.500Z')
      expect(Reflect.construct(Date, []).getTime()).toBe(start + 1500)
      expect(Date()).toBe(new Date(start + 1500).toString())
      class Mine extends Date {
        readonly mine = true
      }
      const mine = new Mine()
      expect([mine.getTime(), mine.mine]).toEqual([start + 1500, true])
      expect(mine).toBeInstanceOf(Mine)
      expect(mine).toBeInstanceOf(Date)
      expect(new Mine(5).getTime()).toBe(5)
      const { now } = Date
      expect(now()).toBe(start + 1500)
    }),
  )

  test(
    'is else what it was',
    bubble(() => {
      expect(new Date(5).getTime()).toBe(5)
      expect(new Date(2020, 1, 3)).toEqual(new RealDate(2020, 1, 3))
      expect(new Date('2020-01-01')).toEqual(new RealDate('2020-01-01'))
      expect(Date.UTC(2020, 1)).toBe(RealDate.UTC(2020, 1))
      expect(Date.parse('2020-01-01T00:00Z')).toBe(RealDate.parse('2020-01-01T00:00Z'))
      expect([Date.name, Date.length]).toEqual(['Date', 7])
      expect(Date.prototype).toBe(RealDate.prototype)
      expect(new Date()).toBeInstanceOf(Date)
      expect(new Date()).toBeInstanceOf(RealDate)
      expect(new RealDate()).toBeInstanceOf(Date)
      expect(new Date().constructor).toBe(Date)
      expect(structuredClone(new Date())).toEqual(new Date(start))
    }),
  )

  test(
    'may be spied on',
    bubble(() => {
      const spy = vi.spyOn(Date, 'now').mockReturnValueOnce(5)
      expect([Date.now(), Date.now()]).toEqual([5, start])
      spy.mockRestore()
      expect(Date.now()).toBe(start)
    }),
  )

  test('tells the real time outside, also while there are bubbles, and through a spy', async () => {
    let outside = 0
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const running = bubble(async () => {
      await gate
      expect(Date.now()).toBe(start)
    })()
    const spy = vi.spyOn(Date, 'now')
    outside = Date.now()
    expect(spy).toHaveBeenCalledOnce()
    spy.mockRestore()
    expect(Math.abs(outside - RealDate.now())).toBeLessThan(10_000)
    expect(Math.abs(Date.parse(new Date().toJSON()) - RealDate.now())).toBeLessThan(10_000)
    expect(Math.abs(new RealDate(Date()).getTime() - RealDate.now())).toBeLessThan(10_000)
    release()
    await running
    expect(Date).toBe(RealDate)
    expect(new Date().constructor).toBe(RealDate)
  })
})

test(
  'performance.now and process.hrtime start at zero, and stand still',
  bubble(async () => {
    expect([performance.now(), importedPerformance.now()]).toEqual([0, 0])
    expect(process.hrtime()).toEqual([0, 0])
    await sleep(2500)
    expect(performance.now()).toBe(2500)
    expect(process.hrtime()).toEqual([2, 500_000_000])
    expect(process.hrtime([1, 600_000_000])).toEqual([0, 900_000_000])
    expect(process.hrtime.bigint()).toBe(2_500_000_000n)
  }),
)

interface PlainTime {
  toString(): string
}
const { Temporal } = globalThis as unknown as { Temporal?: { Now: Record<string, (zone?: string) => PlainTime> } }

test.skipIf(Temporal === undefined)(
  'Temporal.Now tells the time of the bubble',
  bubble(async () => {
    await sleep(90_000)
    const now = Temporal!.Now
    expect(`${now['instant']!()}`).toBe('2000-01-01T00:01:30Z')
    expect(`${now['plainDateTimeISO']!('UTC')}`).toBe('2000-01-01T00:01:30')
    expect(`${now['plainDateISO']!('UTC')}`).toBe('2000-01-01')
    expect(`${now['plainTimeISO']!('UTC')}`).toBe('00:01:30')
    expect(`${now['zonedDateTimeISO']!('Asia/Tokyo')}`).toBe('2000-01-01T09:01:30+09:00[Asia/Tokyo]')
    expect(`${now['zonedDateTimeISO']!()}`).toContain('2000-01-01')
  }),
)

describe('Math.random', () => {
  const draw = async () => {
    const numbers: number[] = []
    await bubble(async () => {
      for (let i = 0; i < 500; i++) numbers.push(Math.random())
      await go(() => numbers.push(Math.random())).join()
    })()
    return numbers
  }

  test('gives the same numbers in every run, spread over the unit interval', async () => {
    const [one, two] = await Promise.all([draw(), draw()])
    expect(one).toEqual(two)
    expect(await draw()).toEqual(one)
    expect(new Set(one).size).toBe(501)
    expect(one.every((n) => n >= 0 && n < 1)).toBe(true)
    const mean = one.reduce((sum, n) => sum + n) / one.length
    expect(mean).toBeGreaterThan(0.4)
    expect(mean).toBeLessThan(0.6)
  })

  test('is random outside', async () => {
    const outside: number[] = []
    const running = bubble(() => sleep(1000))()
    for (let i = 0; i < 5; i++) outside.push(Math.random())
    await running
    expect(outside).not.toEqual((await draw()).slice(0, 5))
  })
})
