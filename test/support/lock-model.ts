// Runs random steps on a lock and on a model of it, and compares who holds what. The lock acts within the call, so steps
// may follow each other without anybody running in between; what goroutines do themselves comes with the next `run`.
import fc from 'fast-check'
import { expect } from 'vitest'
import {
  background,
  type CancelableContext,
  type Goroutine,
  type Guard,
  go,
  never,
  type Operation,
  withCancel,
} from 'warren'
import { idle } from './styles.ts'

/** One request for a lock, as the model sees it. `weight` is what the lock makes of it. */
export interface Request {
  readonly weight: number
  /** Which context it was made under; -1 for none. */
  readonly context: number
  state: 'queued' | 'held' | 'released' | 'failed' | 'killed'
}

/** Changes the states of requests as the lock should. */
export interface Model {
  request(request: Request): void
  /** Whether it could have it without waiting; takes nothing. */
  canTake(weight: number): boolean
  /** A request that held it does not any more. */
  release(request: Request): void
  /** Requests that waited do not any more. */
  leave(requests: readonly Request[]): void
}

/** The lock under test. */
export interface Lock {
  acquire(weight: number, ctx: CancelableContext | undefined): Operation<Guard>
  tryAcquire(weight: number): boolean
  release(weight: number): void
}

type Step =
  | { readonly kind: 'request'; readonly weight: number; readonly context: number; readonly isGoroutine: boolean }
  | { readonly kind: 'try'; readonly weight: number }
  | { readonly kind: 'release' | 'dispose' | 'kill'; readonly at: number }
  | { readonly kind: 'cancel'; readonly context: number }
  | { readonly kind: 'run' }

const contextCount = 3
const at = fc.nat(1000)

export function steps(weight: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  const request = fc.record({
    kind: fc.constant('request' as const),
    weight,
    context: fc.integer({ min: -1, max: contextCount - 1 }),
    isGoroutine: fc.boolean(),
  })
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: request },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('try' as const), weight }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('release' as const, 'dispose' as const), at }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), context: fc.nat(contextCount - 1) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
  )
  return fc.array(step, { maxLength: 60, size: 'max' })
}

class Actor {
  readonly request: Request
  goroutine: Goroutine<void> | undefined = undefined
  /** What really became of the request. */
  actual: Request['state'] = 'queued'
  guard: Guard | undefined = undefined
  /** Killed while it holds the lock, or after it was given it: lets go with the next run. */
  isDying = false

  constructor(request: Request) {
    this.request = request
  }

  /** Held, and its guard is there. */
  get isSettledHolder(): boolean {
    return this.request.state === 'held' && this.guard !== undefined && !this.isDying
  }
}

class Simulation {
  readonly #lock: Lock
  readonly #model: Model
  readonly #actors: Actor[] = []
  readonly #contexts: CancelableContext[] = Array.from({ length: contextCount }, () => withCancel(background()))

  constructor(lock: Lock, model: Model) {
    this.#lock = lock
    this.#model = model
  }

  /** A promise where somebody must run before the next step. */
  perform(step: Step): Promise<void> | undefined {
    if (step.kind === 'run') return this.run()
    if (step.kind === 'request') {
      if (step.isGoroutine) return this.#requestAndRun(step.weight, step.context)
      this.#request(step.weight, step.context, false)
    } else if (step.kind === 'try') this.#try(step.weight)
    else if (step.kind === 'cancel') this.#cancel(step.context)
    else if (step.kind === 'kill') this.#kill(step.at)
    else this.#release(step.kind, step.at)
    return undefined
  }

  /** A goroutine asks when it runs: nothing else may be left to happen then. */
  async #requestAndRun(weight: number, context: number): Promise<void> {
    await this.run()
    this.#request(weight, context, true)
    await this.run()
  }

  #request(weight: number, context: number, isGoroutine: boolean): void {
    const actor = new Actor({ weight, context, state: 'queued' })
    this.#actors.push(actor)
    this.#model.request(actor.request)
    const ctx = this.#contexts[context]
    const got = (guard: Guard) => {
      actor.actual = 'held'
      actor.guard = guard
    }
    const failed = () => {
      actor.actual = 'failed'
    }
    if (!isGoroutine) {
      this.#lock.acquire(weight, ctx).then(got, failed)
      return
    }
    const lock = this.#lock
    actor.goroutine = go(function* () {
      using guard = yield* lock.acquire(weight, ctx)
      got(guard)
      yield* never.receive()
    })
    actor.goroutine.join().catch((error: { code: string }) => {
      actor.actual = error.code === 'ERR_KILLED' ? 'killed' : 'failed'
    })
  }

  #try(weight: number): void {
    const expected = this.#model.canTake(weight)
    expect(this.#lock.tryAcquire(weight), `tryAcquire ${weight}`).toBe(expected)
    if (expected) this.#lock.release(weight)
  }

  #release(way: 'release' | 'dispose', at: number): void {
    // By `release` only where no guard will be disposed later: one hold may end in one way only.
    const holders = this.#actors.filter((actor) => actor.isSettledHolder && (way === 'dispose' || !actor.goroutine))
    const actor = holders[at % holders.length]
    if (actor === undefined) return
    actor.actual = actor.goroutine ? 'held' : 'released'
    if (way === 'release') this.#lock.release(actor.request.weight)
    else actor.guard![Symbol.dispose]()
    if (way === 'dispose') actor.guard![Symbol.dispose]()
    this.#model.release(actor.request)
    actor.request.state = 'released'
  }

  #kill(at: number): void {
    const alive = this.#actors.filter(
      ({ goroutine, actual, isDying }) => goroutine && !isDying && actual !== 'killed' && actual !== 'failed',
    )
    const actor = alive[at % alive.length]
    if (actor === undefined || actor.request.state === 'failed') return
    actor.goroutine!.kill()
    actor.isDying = true
    if (actor.request.state === 'queued') {
      actor.request.state = 'killed'
      this.#model.leave([actor.request])
    }
  }

  #cancel(context: number): void {
    const ended = this.#actors.filter(({ request }) => request.state === 'queued' && request.context === context)
    this.#contexts[context]!.cancel()
    this.#contexts[context] = withCancel(background())
    const requests = ended.map(({ request }) => request)
    for (const request of requests) request.state = 'failed'
    this.#model.leave(requests)
  }

  /** Lets everybody run, and compares. */
  async run(): Promise<void> {
    await idle()
    for (const { request, isDying } of this.#actors) {
      if (!isDying) continue
      if (request.state === 'held') this.#model.release(request)
      if (request.state !== 'failed') request.state = 'killed'
    }
    await idle()
    const expected = this.#actors.map(({ request, goroutine }) =>
      request.state === 'released' && goroutine ? 'held' : request.state,
    )
    expect(this.#actors.map(({ actual }) => actual)).toEqual(expected)
  }

  /** Ends everything, after which nothing must be held. */
  async finish(): Promise<void> {
    for (let context = 0; context < contextCount; context++) this.#cancel(context)
    await this.run()
    const isBusy = () => this.#actors.some(({ request }) => request.state === 'held')
    for (let i = 0; isBusy() && i < this.#actors.length; i++) {
      for (let at = this.#actors.length; at > 0; at--) this.#release('dispose', 0)
      await this.run()
    }
    for (const { request, goroutine } of this.#actors) if (request.state === 'queued') goroutine?.kill()
  }
}

export async function simulate(lock: Lock, model: Model, list: readonly Step[]): Promise<void> {
  const simulation = new Simulation(lock, model)
  for (const step of list) {
    const running = simulation.perform(step)
    if (running !== undefined) await running
  }
  await simulation.run()
  await simulation.finish()
}
