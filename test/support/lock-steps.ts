// Goroutines that take and release locks, as lists of steps, in both styles. The operations stand in the body itself: who
// watches locks looks at who awaits whom.
import {
  type Cond,
  type Context,
  type Goroutine,
  go,
  gosched,
  type Mutex,
  type Once,
  type ReceiveChan,
  type RWMutex,
} from 'warren'

export type Step =
  | readonly ['lock', Mutex | RWMutex, Context?]
  | readonly ['rLock', RWMutex, Context?]
  | readonly ['tryLock' | 'unlock', Mutex | RWMutex]
  | readonly ['rUnlock', RWMutex]
  | readonly ['receive', ReceiveChan<unknown>]
  | readonly ['wait', Cond]
  | readonly ['do', Once, readonly Step[]]
  | readonly ['join', Goroutine<unknown>]
  | readonly ['step']
  | readonly ['call', () => void]

export interface StepStyle {
  readonly name: 'generator' | 'async'
  go(name: string, steps: readonly Step[]): Goroutine<void>
}

function stepGenerator(name: string, steps: readonly Step[]): () => Generator<never, void, never> {
  const body = function* () {
    for (const step of steps) {
      if (step[0] === 'lock') yield* step[1].lock(step[2])
      else if (step[0] === 'rLock') yield* step[1].rLock(step[2])
      else if (step[0] === 'receive') yield* step[1].receive()
      else if (step[0] === 'wait') yield* step[1].wait()
      else if (step[0] === 'do') yield* step[1].do(stepGenerator('setUp', step[2]))
      else if (step[0] === 'join') yield* step[1].join()
      else if (step[0] === 'step') yield* gosched()
      else act(step)
    }
  }
  return Object.defineProperty(body, 'name', { value: name }) as never
}

function stepAsync(name: string, steps: readonly Step[]): () => Promise<void> {
  const body = async () => {
    for (const step of steps) {
      if (step[0] === 'lock') await step[1].lock(step[2])
      else if (step[0] === 'rLock') await step[1].rLock(step[2])
      else if (step[0] === 'receive') await step[1].receive()
      else if (step[0] === 'wait') await step[1].wait()
      else if (step[0] === 'do') await step[1].do(stepAsync('setUp', step[2]))
      else if (step[0] === 'join') await step[1].join()
      else if (step[0] === 'step') await gosched()
      else if (step[0] === 'tryLock') step[1].tryLock()
      else act(step)
    }
  }
  // Not of the body itself: stacks would have now this name for it, now that.
  return Object.defineProperty(() => body(), 'name', { value: name })
}

function act(step: Step): void {
  if (step[0] === 'tryLock') step[1].tryLock()
  else if (step[0] === 'unlock') step[1].unlock()
  else if (step[0] === 'rUnlock') step[1].rUnlock()
  else if (step[0] === 'call') step[1]()
}

export const stepStyles: readonly StepStyle[] = [
  { name: 'generator', go: (name, steps) => go(stepGenerator(name, steps)) },
  { name: 'async', go: (name, steps) => go(stepAsync(name, steps)) },
]
