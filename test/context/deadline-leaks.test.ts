// Apart from leaks.test.ts: after a bubble, goroutines know who they are, which makes the others of a file slower.
import { expect, test } from 'vitest'
import { background, go, sleep, withCancel, withTimeout } from 'warren'
import { bubble } from 'warren/testing'
import { Canary } from '../support/gc.ts'

test(
  'goroutines are no garbage while somebody can still cancel their context, or its deadline will wake them',
  bubble(async (t) => {
    const canary = new Canary()
    const ctx = withCancel(background())
    go(function* (held: object) {
      yield* ctx.done.receive()
      return held
    }, canary.hatch())
    go(function* (held: object) {
      yield* withTimeout(background(), 100).done.receive()
      return held
    }, canary.hatch())
    expect(await canary.collected(1, 3)).toBe(0)
    ctx.cancel()
    expect(await canary.collected(1)).toBe(1)
    expect(t.now()).toBe(0)
    await sleep(100)
    expect(await canary.collected(2)).toBe(2)
  }),
)
