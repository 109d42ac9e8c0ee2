import { describe, expect } from 'vitest'
import { type Chan, chan, select } from 'warren'
import { heapAfterGc } from '../../support/gc.ts'
import { expectNoWaiters } from '../../support/kinds.ts'
import { type Body, inEveryPair, on } from '../../support/styles.ts'

const count = 100_000

// Go: test/chan/select2.go
describe('a select on a channel where nothing ever comes', () => {
  inEveryPair(`leaves nothing behind there in ${count} rounds`, function* (one, other) {
    const ch = chan<number>()
    const dummy = chan<number>()
    function* sender(to: Chan<number>): Body {
      for (let i = 0; i < count; i++) yield* on(to.send(1))
    }
    function* receiver(): Body {
      for (let i = 0; i < count; i++) {
        const picked = yield* on(select({ ch, dummy }))
        if (picked.case === 'dummy') expect.unreachable()
      }
    }
    one.go(sender, ch)
    yield* on(other.go(receiver).join())
    const before = heapAfterGc()
    one.go(sender, ch)
    yield* on(other.go(receiver).join())
    // Go allows 110 kB for its 100,000 rounds; V8's own bookkeeping (code, feedback) needs more slack than that.
    expect(heapAfterGc() - before).toBeLessThan(2_000_000)
    expectNoWaiters(ch, dummy)
  })
})
