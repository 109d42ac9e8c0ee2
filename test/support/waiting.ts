// One operation, waited for in a goroutine of its own.
import type { Operation } from 'warren'
import { attempt, type Outcome, on, type Style } from './styles.ts'

export function waiting<T>(style: Style, start: () => Operation<T>): Outcome<T> {
  return attempt(style, function* () {
    return yield* on(start())
  })
}
