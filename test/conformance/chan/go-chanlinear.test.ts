import { describe } from 'vitest'
import { type Chan, chan, select } from 'warren'
import { expectNoWaiters } from '../../support/kinds.ts'
import { type Body, inEveryPair, on } from '../../support/styles.ts'

const messages = 10
const goroutines = 10_000

// Go: test/chanlinear.go. There the time is taken; here a queue that is searched would need 500 million steps, and the
// test its time limit.
describe('leaving the queue of a channel on which thousands wait', () => {
  inEveryPair(`takes no search: ${goroutines} goroutines leave and join it ${messages} times`, function* (one, other) {
    const shared = chan<true>()
    function* receiver(own: Chan<true>): Body {
      for (let i = 0; i < messages; i++) yield* on(select({ shared, own }))
    }
    const owns: Chan<true>[] = []
    for (let i = 0; i < goroutines; i++) {
      const own = chan<true>()
      owns.push(own)
      one.go(receiver, own)
    }
    const sender = other.go(function* () {
      for (let i = 0; i < messages; i++) {
        for (const own of owns) yield* on(own.send(true))
      }
    })
    yield* on(sender.join())
    expectNoWaiters(shared)
  })
})
