// A wait for a limiter either comes, or gives back what it has taken: also when both could be at the same instant.
import { describe } from 'vitest'
import { background, go, sleep, withCancel, withTimeout } from 'warren'
import { every, Limiter, multiLimiter } from 'warren/resilience'
import { endOf, mustEqual, proves, tried } from '../support/explored.ts'
import { generatorStyle, on } from '../support/styles.ts'

/** Two limits, whose tokens have been taken: the next one comes in ten milliseconds, and in five. */
function twoLimits() {
  const limiters = [new Limiter(every(10), 1), new Limiter(every(5), 2)]
  for (const limiter of limiters) limiter.allowN(new Date(), limiter.burst)
  return { both: multiLimiter(...limiters), tokens: () => limiters.map((limiter) => limiter.tokens()) }
}

describe('a wait for limiters, under every schedule', () => {
  proves('has its turn or ends at its deadline, when both are at one instant', function* (style) {
    const { both, tokens } = twoLimits()
    const outcome = yield* on(style.go(() => tried(on(both.wait(withTimeout(background(), 10))))).join())
    mustEqual(tokens(), outcome.ok ? [0, 1] : [1, 2], 'what is left')
  })

  proves('has its turn or is cancelled, when both are at one instant', function* (style) {
    const { both, tokens } = twoLimits()
    const ctx = withCancel(background())
    const waits = [1, 2].map(() => style.go(() => tried(on(both.wait(ctx)))))
    const cancels = style.go(function* () {
      yield* on(sleep(10))
      ctx.cancel()
    })
    let served = 0
    for (const wait of waits) if ((yield* on(wait.join())).ok) served++
    yield* on(cancels.join())
    mustEqual(tokens(), served === 0 ? [1, 2] : [0, 1], 'what is left')
  })

  proves(
    'has its turn or is killed, when both are at one instant',
    function* () {
      const { both, tokens } = twoLimits()
      let served = 0
      const wait = go(function* () {
        yield* both.wait()
        served++
      })
      const kills = go(function* () {
        yield* sleep(10)
        wait.kill()
      })
      yield* endOf(wait)
      yield* on(kills.join())
      // It may be killed when its turn has come and it has not run yet: then it has had it, too.
      mustEqual(tokens(), served === 1 || tokens()[0] === 0 ? [0, 1] : [1, 2], 'what is left')
    },
    [generatorStyle],
  )
})
