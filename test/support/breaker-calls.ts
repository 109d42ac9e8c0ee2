// Calls through a circuit breaker.
import { sleep } from 'warren'
import { type CircuitBreaker, CircuitOpenError } from 'warren/resilience'
import { type Body, on } from './styles.ts'

export const refused = new Error('connection refused')
export const fails = (): never => {
  throw refused
}

/** Calls one after the other; `+` succeeds, `-` fails, `~` takes 100 ms and succeeds. Says the state after each. */
export function* calls(breaker: CircuitBreaker, outcomes: string): Body<string> {
  let states = ''
  for (const outcome of outcomes) {
    try {
      yield* on(breaker.run(() => (outcome === '-' ? fails() : outcome === '~' ? sleep(100) : undefined)))
    } catch (error) {
      if (error instanceof CircuitOpenError) {
        states += 'x'
        continue
      }
    }
    states += { closed: 'c', open: 'O', 'half-open': 'h' }[breaker.state]
  }
  return states
}
