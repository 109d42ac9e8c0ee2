// Random signals, cancels and kills under a Cond, against a model: a queue before the condition, and one before the lock.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { background, type CancelableContext, Cond, type Goroutine, go, Mutex, withCancel } from 'warren'
import { idle } from '../support/styles.ts'

type Outcome = 'woken' | 'cancelled' | 'killed'

class Sleeper {
  readonly context: number
  goroutine: Goroutine<void> | undefined = undefined
  actual: Outcome | undefined = undefined
  expected: Outcome | undefined = undefined
  isSignalled = false
  isCancelled = false
  isKilled = false

  constructor(context: number) {
    this.context = context
  }
}

/** Who holds the lock and who waits, by Go's rules, and those of Cond.wait for being cancelled and killed. */
class Model {
  isLockedByTest = false
  #asleep: Sleeper[] = []
  #holder: Sleeper | null = null
  #beforeLock: Sleeper[] = []
  #unwinding: Sleeper[] = []

  sleep(sleeper: Sleeper): void {
    this.#asleep.push(sleeper)
  }

  signal(): void {
    const first = this.#asleep.shift()
    if (first === undefined) return
    first.isSignalled = true
    this.#lock(first)
  }

  broadcast(): void {
    for (let count = this.#asleep.length; count > 0; count--) this.signal()
  }

  cancel(context: number): void {
    const cancelled = this.#asleep.filter((sleeper) => sleeper.context === context)
    this.#asleep = this.#asleep.filter((sleeper) => sleeper.context !== context)
    for (const sleeper of cancelled) {
      sleeper.isCancelled = true
      this.#lock(sleeper)
    }
  }

  kill(sleeper: Sleeper): void {
    for (const queue of [this.#asleep, this.#beforeLock]) {
      const place = queue.indexOf(sleeper)
      if (place < 0) continue
      queue.splice(place, 1)
      sleeper.isKilled = true
      this.#unwinding.push(sleeper)
    }
  }

  lockByTest(): boolean {
    if (this.#holder !== null || this.isLockedByTest) return false
    this.isLockedByTest = true
    return true
  }

  unlockByTest(): void {
    this.isLockedByTest = false
    this.#holder = this.#beforeLock.shift() ?? null
  }

  run(): void {
    while (this.#unwinding.length > 0 || this.#holder !== null) {
      for (const sleeper of this.#unwinding.splice(0)) {
        if (sleeper.isSignalled) this.signal()
        this.#lock(sleeper)
      }
      const holder = this.#holder
      if (holder === null) continue
      holder.expected = holder.isKilled ? 'killed' : holder.isCancelled ? 'cancelled' : 'woken'
      this.#holder = this.#beforeLock.shift() ?? null
    }
  }

  #lock(sleeper: Sleeper): void {
    if (this.#holder === null && !this.isLockedByTest) this.#holder = sleeper
    else this.#beforeLock.push(sleeper)
  }
}

const contextCount = 2
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sleep' as const),
      context: fc.integer({ min: -1, max: contextCount - 1 }),
      isGenerator: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('signal' as const, 'lock' as const, 'unlock' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broadcast' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), context: fc.nat(contextCount - 1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill' as const), at: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

class Simulation {
  readonly #mu = new Mutex()
  readonly #cond = new Cond(this.#mu)
  readonly #model = new Model()
  readonly #sleepers: Sleeper[] = []
  readonly #contexts: CancelableContext[] = Array.from({ length: contextCount }, () => withCancel(background()))

  /** A promise where somebody must run before the next step. */
  perform(step: Step): Promise<void> | undefined {
    if (step.kind === 'run') return this.run()
    if (step.kind === 'sleep') return this.#sleep(step.context, step.isGenerator)
    if (step.kind === 'kill') this.#kill(step.at)
    else if (step.kind === 'cancel') this.#cancel(step.context)
    else if (step.kind === 'lock') expect(this.#mu.tryLock()).toBe(this.#model.lockByTest())
    else if (step.kind === 'unlock') this.#unlock()
    else {
      this.#cond[step.kind]()
      this.#model[step.kind]()
    }
    return undefined
  }

  async #sleep(context: number, isGenerator: boolean): Promise<void> {
    this.#unlock()
    await this.run()
    const sleeper = new Sleeper(context)
    this.#sleepers.push(sleeper)
    const ctx = this.#contexts[context]
    if (isGenerator) this.#startGenerator(sleeper, ctx)
    else void this.#startAsync(sleeper, ctx)
    await idle()
    this.#model.sleep(sleeper)
  }

  #startGenerator(sleeper: Sleeper, ctx: CancelableContext | undefined): void {
    const [mu, cond] = [this.#mu, this.#cond]
    sleeper.goroutine = go(function* () {
      using _ = yield* mu.lock()
      try {
        sleeper.actual = 'killed'
        yield* cond.wait(ctx)
        sleeper.actual = 'woken'
      } catch {
        sleeper.actual = 'cancelled'
      } finally {
        expect(mu.tryLock(), 'the lock is held').toBe(false)
        finished.add(sleeper)
      }
    })
    sleeper.goroutine.join().catch(() => {})
  }

  async #startAsync(sleeper: Sleeper, ctx: CancelableContext | undefined): Promise<void> {
    using _ = await this.#mu.lock()
    try {
      await this.#cond.wait(ctx)
      sleeper.actual = 'woken'
    } catch {
      sleeper.actual = 'cancelled'
    }
    expect(this.#mu.tryLock(), 'the lock is held').toBe(false)
    finished.add(sleeper)
  }

  #kill(at: number): void {
    const living = this.#sleepers.filter((sleeper) => sleeper.goroutine && !sleeper.isKilled && !finished.has(sleeper))
    const victim = living[at % living.length]
    if (victim === undefined) return
    victim.goroutine!.kill()
    this.#model.kill(victim)
  }

  #cancel(context: number): void {
    this.#contexts[context]!.cancel()
    this.#contexts[context] = withCancel(background())
    this.#model.cancel(context)
  }

  #unlock(): void {
    if (!this.#model.isLockedByTest) return
    this.#mu.unlock()
    this.#model.unlockByTest()
  }

  async run(): Promise<void> {
    // Twice: on a busy machine what must run may be kept back for a turn.
    await idle()
    await idle()
    this.#model.run()
    const actual = this.#sleepers.map((sleeper) => (finished.has(sleeper) ? sleeper.actual : undefined))
    expect(actual).toEqual(this.#sleepers.map(({ expected }) => expected))
  }

  async finish(): Promise<void> {
    this.#unlock()
    await this.run()
    this.#cond.broadcast()
    this.#model.broadcast()
    await this.run()
    expect(
      this.#sleepers.every((sleeper) => finished.has(sleeper)),
      'all have ended',
    ).toBe(true)
    expect(this.#mu.tryLock(), 'the lock is free').toBe(true)
  }
}

const finished = new WeakSet<Sleeper>()

test('Cond wakes in order, loses no signal, and always gives the lock back first', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50, size: 'max' }), async (list) => {
      const simulation = new Simulation()
      for (const each of list) {
        const running = simulation.perform(each)
        if (running !== undefined) await running
      }
      await simulation.finish()
    }),
    { numRuns: 300 },
  )
})
