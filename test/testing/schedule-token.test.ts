import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DecisionKind } from '../../src/runtime/decisions.ts'
import { GuidedStrategy, ReplayStrategy } from '../../src/testing/replay.ts'
import { ScheduleLog } from '../../src/testing/schedule-log.ts'
import { decodeToken, encodeToken } from '../../src/testing/schedule-token.ts'
import { propertyOptions } from '../support/property.ts'

const kinds: readonly DecisionKind[] = ['goroutine', 'select', 'timer']

interface Point {
  readonly options: number
  readonly kind: DecisionKind
  readonly chosen: number
}

const point: fc.Arbitrary<Point> = fc
  .record({
    options: fc.integer({ min: 2, max: 100_000 }),
    kind: fc.constantFrom(...kinds),
    share: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  .map(({ options, kind, share }) => ({ options, kind, chosen: Math.floor(options * share) }))

const points = fc.array(fc.oneof({ weight: 3, arbitrary: point.map((it) => ({ ...it, chosen: 0 })) }, point))

function logOf(list: readonly Point[]): ScheduleLog {
  const log = new ScheduleLog(new GuidedStrategy(list.map(({ chosen }) => chosen)))
  for (const { options, kind } of list) log.choose(options, kind)
  return log
}

test('a schedule comes back from its token, whatever its choices', () => {
  fc.assert(
    fc.property(points, fc.boolean(), fc.boolean(), fc.nat(2 ** 15 - 1), (list, preempts, overlaps, explorationId) => {
      const log = logOf(list)
      const recorded = decodeToken(encodeToken(log, { preempts, overlaps, explorationId }))
      expect(recorded).toMatchObject({ preempts, overlaps, explorationId, length: list.length, hash: log.hash })
      const strategy = new ReplayStrategy(recorded)
      const again = new ScheduleLog(strategy)
      for (const { options, kind } of list) again.choose(options, kind)
      strategy.end(again)
      expect(again.chosen).toEqual(log.chosen)
      expect(strategy.divergence).toBeUndefined()
    }),
    propertyOptions(300),
  )
})

test('a replay that takes another number of choices, or has others to make, diverges', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), fc.nat(), (list, where) => {
      const log = logOf(list)
      const changed = list.map((it, index) => (index === where % list.length ? { ...it, options: it.options + 1 } : it))
      for (const other of [changed, list.slice(1), [...list, list[0]!]]) {
        const strategy = new ReplayStrategy(
          decodeToken(encodeToken(log, { preempts: false, overlaps: false, explorationId: 1 })),
        )
        const again = new ScheduleLog(strategy)
        for (const { options, kind } of other) again.choose(options, kind)
        strategy.end(again)
        expect(strategy.divergence).toBeDefined()
      }
    }),
    propertyOptions(300),
  )
})
