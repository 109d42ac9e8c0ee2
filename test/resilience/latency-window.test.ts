import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LatencyWindow } from '../../src/resilience/latency-window.ts'
import { propertyOptions } from '../support/property.ts'

test('a window tells any percentile of the last values, by nearest rank', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.01, max: 99.99 }), (all, size, percent) => {
      const window = new LatencyWindow(size)
      for (const value of all) window.add(value)
      const last = all.slice(-size).sort((a, b) => a - b)
      expect(window.count).toBe(last.length)
      const rank = Math.max(1, Math.ceil((percent / 100) * last.length))
      expect(window.percentile(percent)).toBe(last[rank - 1])
    }),
    propertyOptions(200),
  )
})
