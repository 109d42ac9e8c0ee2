// A store of objects for reuse: Go's sync.Pool, on one thread.
//
// What nobody takes for two rounds of garbage collection goes with the second, as in Go: each round, the store becomes
// the victims, and the victims go. A round is noticed by the death of an object that nothing holds.
import { requireFunction, requireInteger } from '../errors/argument.ts'

const rounds = new FinalizationRegistry<WeakRef<{ age(): void }>>((pool) => pool.deref()?.age())

export interface PoolOptions {
  /** How many idle objects are kept at most; no limit unless told. */
  readonly max?: number | undefined
}

/**
 * Keeps objects that are expensive to make, to be used again. What is idle for long goes with the garbage: a pool is a
 * cache, not the place for connections that must be closed.
 * @example
 * const buffers = new Pool(() => new Uint8Array(1024))
 * const buffer = buffers.get()
 * buffers.put(buffer)
 * console.log(buffers.get() === buffer) // true
 */
export class Pool<in out T> {
  readonly #create: () => T
  readonly #max: number
  // In Go the processor's private place: filled when it is empty, and asked first.
  #first: T | undefined = undefined
  #rest: T[] = []
  #victims: T[] = []
  #isWatching = false

  /**
   * @param create makes an object when none is idle.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE`.
   */
  constructor(create: () => T, options?: PoolOptions) {
    requireFunction('create', create)
    const max = options?.max ?? Number.POSITIVE_INFINITY
    if (max !== Number.POSITIVE_INFINITY) requireInteger('max', max, 0)
    this.#create = create
    this.#max = max
  }

  /** Takes an idle object, the one most likely to be in the processor's caches, or makes one. */
  get(): T {
    const first = this.#first
    if (first !== undefined) {
      this.#first = undefined
      return first
    }
    return this.#rest.pop() ?? this.#victims.pop() ?? this.#create()
  }

  /** Gives an object back; the caller must not use it any more. `undefined` and `null`, and what is over `max`, are dropped. */
  put(object: T): void {
    if (object === undefined || object === null) return
    if (this.#victims.length + this.#rest.length + (this.#first === undefined ? 0 : 1) >= this.#max) return
    if (this.#first === undefined) this.#first = object
    else this.#rest.push(object)
    if (!this.#isWatching) this.#watch()
  }

  /** @internal A garbage collection has happened. */
  age(): void {
    this.#isWatching = false
    this.#victims = this.#rest
    this.#rest = []
    if (this.#first !== undefined) this.#victims.push(this.#first)
    this.#first = undefined
    if (this.#victims.length > 0) this.#watch()
  }

  #watch(): void {
    this.#isWatching = true
    rounds.register({}, new WeakRef(this))
  }
}
