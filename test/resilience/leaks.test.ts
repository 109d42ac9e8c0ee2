// What guards calls must not keep alive who has made one, nor who is stuck in one that can never end.
import { describe, expect, test } from 'vitest'
import { chan, never } from 'warren'
import { bulkhead, circuitBreaker, constant, type Policy, retry, timeout } from 'warren/resilience'
import { Canary } from '../support/gc.ts'
import { type Body, idle, on, styles } from '../support/styles.ts'

const policies: Record<string, () => Policy> = {
  retry: () => (fn, ctx) => retry(fn, constant(1), ctx),
  circuitBreaker: () => circuitBreaker().run,
  bulkhead: () => bulkhead({ concurrency: 3 }).run,
  // Without an end: a timer holds who waits for it, and will go on.
  timeout: () => (fn, ctx) => timeout(fn, Number.POSITIVE_INFINITY, ctx),
}

describe('who is blocked for ever is collected', () => {
  for (const [name, make] of Object.entries(policies)) {
    for (const style of styles) {
      test(`after a call, in a call, and in a function that is called: ${name} (${style.name})`, async () => {
        const canary = new Canary()
        const run = make()
        const start = (): void => {
          style.go(function* (held: object): Body<object> {
            yield* on(run(() => {}))
            yield* on(never.receive())
            return held
          }, canary.hatch())
          style.go(function* (held: object): Body<object> {
            yield* on(run(() => chan().receive()))
            return held
          }, canary.hatch())
          const inside = canary.hatch()
          style.go(function* (): Body {
            yield* on(
              run(async () => {
                await chan().receive()
                expect(inside).toBeDefined()
              }),
            )
          })
        }
        start()
        await idle()
        expect(await canary.collected(3)).toBe(3)
        expect(run).toBeDefined()
      })
    }
  }
})
