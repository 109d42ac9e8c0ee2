// One body, both goroutine styles. A body is a generator that takes every blocking operation through `on`: as it stands
// it is a generator goroutine; driven by an async function, where the operations are native promises, an async one.

import { test } from 'vitest'
import { type Goroutine, go, gosched, type Operation, type ReceiveChan, type Wait, wait } from 'warren'

export type Body<R = void> = Generator<Wait, R, unknown>

export interface Style {
  readonly name: 'generator' | 'async'
  /** Starts a body as a goroutine of this style. */
  go<A extends unknown[], R>(body: (...args: A) => Body<R>, ...args: A): Goroutine<R>
}

/** Waits for an operation: `yield* on(ch.receive())` is `yield* ch.receive()` or `await ch.receive()`. */
export function* on<T>(operation: Operation<T>): Body<T> {
  const isPromise = (operation as unknown) instanceof Promise
  return isPromise ? ((yield operation as unknown as Wait) as T) : yield* operation
}

/** Runs a body as an async function. */
export async function drive<R>(body: Body<R>): Promise<R> {
  let step = body.next()
  while (step.done !== true) {
    let value: unknown
    try {
      value = await (step.value as unknown as Promise<unknown>)
    } catch (error) {
      step = body.throw(error)
      continue
    }
    step = body.next(value)
  }
  return step.value
}

export const generatorStyle: Style = {
  name: 'generator',
  // A plain function that returns a generator could not be killed before it has started.
  go: (body, ...args) =>
    isGeneratorFunction(body)
      ? go(body, ...args)
      : go(function* () {
          return yield* body(...args)
        }),
}

function isGeneratorFunction(body: unknown): boolean {
  return Object.getPrototypeOf(body) === Object.getPrototypeOf(function* () {})
}

export const asyncStyle: Style = {
  name: 'async',
  go: (body, ...args) => go(async () => drive(body(...args))),
}

export const styles: readonly Style[] = [generatorStyle, asyncStyle]

/** A test that runs its body as the main goroutine of each style. */
export function inBothStyles(title: string, body: (style: Style) => Body<unknown>): void {
  for (const style of styles) test(`${title} (${style.name})`, () => style.go(body, style).join())
}

/** Every pair of styles: who is on one side of a channel, and who on the other. */
export function inEveryPair(title: string, body: (one: Style, other: Style) => Body<unknown>): void {
  for (const one of styles) {
    for (const other of styles) {
      test(`${title} (${one.name}, ${other.name})`, () => generatorStyle.go(body, one, other).join())
    }
  }
}

/** Ends when nothing is left to run: whatever is still pending then is blocked. */
export function idle(): Operation<void> {
  return wait(rounds(3))
}

/** Each round goes once through the run queue, which may take many turns of the event loop, and then through that. */
async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    await gosched()
  }
}

/** What became of an operation, to be looked at after {@link idle}. */
export class Outcome<T> {
  state: 'pending' | 'done' | 'failed' = 'pending'
  value: T | undefined = undefined
  error: unknown = undefined

  constructor(operation: Promise<T>) {
    operation.then(
      (value) => {
        this.state = 'done'
        this.value = value
      },
      (error: unknown) => {
        this.state = 'failed'
        this.error = error
      },
    )
  }
}

/** Runs a body in a goroutine of its own, to see whether and how it ends. */
export function attempt<R>(style: Style, body: () => Body<R>): Outcome<R> {
  return new Outcome(style.go(body).join())
}

/** Receives until the channel is closed and drained. */
export function* receivesAll<T>(ch: ReceiveChan<T>): Body<T[]> {
  const got: T[] = []
  for (let next = yield* on(ch.next()); next.done !== true; next = yield* on(ch.next())) got.push(next.value)
  return got
}
