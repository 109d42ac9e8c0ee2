// Who may overtake whom, under every schedule: callers that give up while their calls end, probes that end together.
import { describe } from 'vitest'
import { background, chan, go, gosched, sleep, withCancel } from 'warren'
import { bulkhead, CircuitOpenError, circuitBreaker, constant, retry } from 'warren/resilience'
import { endOf, must, mustEqual, proves, survives, tried } from '../support/explored.ts'
import { type Body, generatorStyle, on, type Style } from '../support/styles.ts'

const refused = new Error('connection refused')

/** Runs a body, and says what it failed with. */
function* outcomeOf(body: Body<unknown>): Body<'done' | 'open' | 'failed' | 'cancelled'> {
  try {
    const outcome = yield* tried(body)
    return outcome.ok ? 'done' : 'cancelled'
  } catch (error) {
    return error instanceof CircuitOpenError ? 'open' : 'failed'
  }
}

function outcomeIn(style: Style, body: () => Body<unknown>) {
  return style.go(() => outcomeOf(body()))
}

describe('a bulkhead, under every schedule', () => {
  proves('runs no more at a time than it may, and hands its places on', function* (style) {
    const slots = bulkhead({ concurrency: 1, queue: 2 })
    let running = 0
    const call = (): Body<void> =>
      on(
        slots.run(function* () {
          must(++running === 1, 'two at a time')
          yield* gosched()
          running--
        }),
      )
    const all = [1, 2].map(() => style.go(call))
    for (const each of all) yield* on(each.join())
    mustEqual([slots.stats().running, slots.stats().queued], [0, 0], 'places that are left')
  })

  proves('loses no place to who gives up while it waits', function* (style) {
    const slots = bulkhead({ concurrency: 1, queue: 1 })
    const gate = chan<void>()
    const ctx = withCancel(background())
    const first = style.go(() => on(slots.run(() => gate.receive())))
    const second = outcomeIn(style, () => on(slots.run(() => 2, ctx)))
    const closer = go(() => gate.close())
    ctx.cancel()
    yield* on(first.join())
    yield* on(second.join())
    yield* on(closer.join())
    mustEqual([slots.stats().running, slots.stats().queued], [0, 0], 'places that are left')
    must((yield* on(slots.run(() => 3))) === 3, 'there is room again')
  })

  proves(
    'loses no place to who is killed',
    function* () {
      const slots = bulkhead({ concurrency: 1, queue: 1 })
      const call = function* (): Body {
        yield* slots.run(() => gosched())
      }
      const first = go(call)
      const second = go(call)
      const killer = go(() => first.kill())
      yield* endOf(first)
      yield* endOf(second)
      yield* on(killer.join())
      // A function whose caller is gone takes its place until it ends.
      while (slots.stats().running > 0) yield* on(gosched())
      must((yield* on(slots.run(() => 3))) === 3, 'there is room again')
    },
    [generatorStyle],
  )
})

describe('a half-open circuit breaker, under every schedule', () => {
  const opened = function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 10 })
    yield* outcomeOf(on(breaker.run(() => Promise.reject(refused))))
    yield* on(sleep(10))
    return breaker
  }

  proves('lets one probe through at a time', function* (style) {
    const breaker = yield* opened()
    let probing = 0
    const probe = (): Body<void> =>
      on(
        breaker.run(function* () {
          if (breaker.state === 'half-open') must(++probing === 1, 'two probes')
          yield* gosched()
          probing = 0
        }),
      )
    const all = [1, 2].map(() => outcomeIn(style, probe))
    const outcomes: string[] = []
    for (const each of all) outcomes.push(yield* on(each.join()))
    must(outcomes.includes('done'), 'none got through')
    must(breaker.state === 'closed', 'it is closed')
  })

  proves('gives back the place of a probe that is given up, whether it fails or succeeds meanwhile', function* (style) {
    const breaker = yield* opened()
    const ctx = withCancel(background())
    const probe = outcomeIn(style, () => on(breaker.run(() => gosched(), ctx)))
    const canceller = go(() => ctx.cancel())
    const outcome = yield* on(probe.join())
    yield* on(canceller.join())
    must(breaker.state === (outcome === 'done' ? 'closed' : breaker.state), 'a success closes it')
    must(outcome === 'done' || outcome === 'cancelled', `unexpected: ${outcome}`)
    if (outcome === 'cancelled') must(breaker.state !== 'closed', 'a cancel closes nothing')
    must((yield* outcomeOf(on(breaker.run(() => 1)))) === 'done', 'there is room for a probe')
    must(breaker.state === 'closed', 'it closes')
  })

  proves('ends in the state of its last decision, when old calls and probes end together', function* (style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 10 })
    const old = outcomeIn(style, () => on(breaker.run(() => sleep(10))))
    yield* on(gosched())
    yield* outcomeOf(on(breaker.run(() => Promise.reject(refused))))
    yield* on(sleep(10))
    const probe = yield* outcomeOf(on(breaker.run(() => Promise.reject(refused))))
    yield* on(old.join())
    must(probe === 'failed' ? breaker.state === 'open' : breaker.state !== 'half-open', `${probe}, ${breaker.state}`)
  })
})

describe('retry, under many schedules', () => {
  survives('ends once, and leaves nothing, when it is cancelled', function* (style) {
    const ctx = withCancel(background())
    let running = 0
    const fn = function* (): Body<number> {
      running++
      yield* gosched()
      running--
      if (running === 0) throw refused
      return 1
    }
    const caller = outcomeIn(style, () => on(retry(fn, constant(1).attempts(3), ctx)))
    const canceller = go(function* () {
      yield* sleep(1)
      ctx.cancel()
    })
    const outcome = yield* on(caller.join())
    yield* on(canceller.join())
    must(outcome === 'failed' || outcome === 'cancelled', `unexpected: ${outcome}`)
  })
})
