// Random requests, releases, cancels and kills, against models that are plain lists.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Mutex, RWMutex, Semaphore } from 'warren'
import { type Lock, type Model, type Request, simulate, steps } from '../support/lock-model.ts'

const size = 5

/** A first-in first-out queue before `size` units. */
class UnitsModel implements Model {
  readonly #size: number
  #held = 0
  #queue: Request[] = []

  constructor(size: number) {
    this.#size = size
  }

  request(request: Request): void {
    if (request.weight > this.#size) return
    this.#queue.push(request)
    this.#serve()
  }

  canTake(weight: number): boolean {
    return this.#queue.length === 0 && weight <= this.#size - this.#held
  }

  release({ weight }: Request): void {
    this.#held -= weight
    this.#serve()
  }

  leave(requests: readonly Request[]): void {
    this.#queue = this.#queue.filter((request) => !requests.includes(request))
    this.#serve()
  }

  #serve(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (next.weight > this.#size - this.#held) return
      this.#queue.shift()
      this.#held += next.weight
      next.state = 'held'
    }
  }
}

test('Semaphore serves in order and loses no unit', { timeout: 120_000 }, async () => {
  const weight = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
    fc.integer({ min: 4, max: size + 1 }),
  )
  await fc.assert(
    fc.asyncProperty(steps(weight), async (list) => {
      const sem = new Semaphore(size)
      await simulate(sem as Lock, new UnitsModel(size), list)
      expect(sem.tryAcquire(size), 'everything was given back').toBe(true)
    }),
    { numRuns: 150 },
  )
})

test('Mutex serves in order and is never held twice', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps(fc.constant(1)), async (list) => {
      const mu = new Mutex()
      const lock: Lock = {
        acquire: (_, ctx) => mu.lock(ctx),
        tryAcquire: () => mu.tryLock(),
        release: () => mu.unlock(),
      }
      await simulate(lock, new UnitsModel(1), list)
      expect(mu.tryLock(), 'it was given back').toBe(true)
    }),
    { numRuns: 100 },
  )
})

/** Weight 0 reads, weight 1 writes. */
class ReadersModel implements Model {
  #readers = 0
  #isWriting = false
  #waitingReaders: Request[] = []
  #waitingWriters: Request[] = []

  request(request: Request): void {
    if (this.canTake(request.weight)) this.#take(request)
    else if (request.weight === 0) this.#waitingReaders.push(request)
    else this.#waitingWriters.push(request)
  }

  canTake(weight: number): boolean {
    if (this.#isWriting) return false
    return weight === 0 ? this.#waitingWriters.length === 0 : this.#readers === 0
  }

  release({ weight }: Request): void {
    if (weight === 0) {
      this.#readers--
      if (this.#readers === 0) this.#takeNextWriter()
      return
    }
    this.#isWriting = false
    if (this.#waitingReaders.length > 0) this.#takeReaders()
    else this.#takeNextWriter()
  }

  leave(requests: readonly Request[]): void {
    const hadWriters = this.#waitingWriters.length > 0
    this.#waitingReaders = this.#waitingReaders.filter((request) => !requests.includes(request))
    this.#waitingWriters = this.#waitingWriters.filter((request) => !requests.includes(request))
    if (hadWriters && this.#waitingWriters.length === 0 && !this.#isWriting) this.#takeReaders()
  }

  #takeReaders(): void {
    for (const request of this.#waitingReaders.splice(0)) this.#take(request)
  }

  #takeNextWriter(): void {
    const next = this.#waitingWriters.shift()
    if (next !== undefined) this.#take(next)
  }

  #take(request: Request): void {
    request.state = 'held'
    if (request.weight === 0) this.#readers++
    else this.#isWriting = true
  }
}

test('RWMutex lets in readers or one writer, and everybody in their turn', { timeout: 120_000 }, async () => {
  const weight = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) })
  await fc.assert(
    fc.asyncProperty(steps(weight), async (list) => {
      const rw = new RWMutex()
      const lock: Lock = {
        acquire: (weight, ctx) => (weight === 0 ? rw.rLock(ctx) : rw.lock(ctx)),
        tryAcquire: (weight) => (weight === 0 ? rw.tryRLock() : rw.tryLock()),
        release: (weight) => (weight === 0 ? rw.rUnlock() : rw.unlock()),
      }
      await simulate(lock, new ReadersModel(), list)
      expect(rw.tryLock(), 'it was given back').toBe(true)
    }),
    { numRuns: 150 },
  )
})
