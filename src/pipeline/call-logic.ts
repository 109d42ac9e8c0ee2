// Calling a function with each value: map, filter, and what stands on them. One class for all, so that the way of every value
// stays monomorphic; `outcomeOf` tells them apart.
//
// What the function returns at once goes straight on. A promise, or a generator (which becomes a goroutine), is a job; from
// the first one on the stage works ahead, as a goroutine would: up to `concurrency` calls are under way, and the results that
// nobody has read yet, with those under way, are no more than `concurrency` and `capacity` together.
//
// Invariants
// * `#underWay` has the jobs in the order of their values, when ordered with those that have finished; when not, these are
//   in `#finished`, in the order in which they finished.
// * After the first error nothing is read or called any more, and the context has ended with the error. What had finished
//   and is next in order still goes out, then the error.
import type { Channel } from '../chan/chan.ts'
import { withCancel } from '../context/derive.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { CallingLogic } from './calling.ts'
import { Inlet } from './inlet.ts'
import { Job, Jobs } from './jobs.ts'
import type { CheckedOptions } from './options.ts'
import { ended, type Pulled, pending, stride } from './pulled.ts'
import { isInSendersStep } from './senders-step.ts'
import { endGoroutine, isWork, startWork } from './work.ts'

/** What a stage does with its values, in any style. The context ends with the stage. */
export type StageFunction<T, R> = (value: T, ctx: Context) => GoroutineBody<R>

/** There is no result: the value was dropped, or its job is under way. */
export const nothing: unique symbol = Symbol('nothing')

export interface CallOptions extends CheckedOptions {
  readonly ordered: boolean
  /** What goes out for a value: what the function gave, or the value itself if that is true, or nothing. */
  readonly gives: 'result' | 'value' | 'nothing'
  /** Told of each result. */
  readonly sink?: (result: unknown) => void
}

export class CallLogic<T, R> extends CallingLogic<R> {
  readonly #inlet: Inlet<T>
  readonly #fn: StageFunction<T, unknown>
  readonly #options: CallOptions
  readonly #gives: CallOptions['gives']
  readonly #underWay = new Jobs<T>()
  readonly #finished = new Jobs<T>()
  #ctx: CancelableContext | null = null
  #worksAhead = false
  /** How many calls are under way. */
  #busy = 0
  /** In one go; see {@link stride}. */
  #started = 0
  #hasInputEnded = false
  #firstError: { readonly error: unknown } | null = null

  constructor(input: Channel<T>, fn: StageFunction<T, unknown>, options: CallOptions) {
    super(options)
    this.#inlet = new Inlet(input, this)
    this.#fn = fn
    this.#options = options
    this.#gives = options.gives
  }

  // The way of a function that returns at once: all in one, since every value goes this way at every stage.
  override produce(): Pulled<R> {
    if (this.#worksAhead || isInSendersStep()) return super.produce()
    for (let steps = 0; steps < stride; steps++) {
      const value = this.#inlet.pull()
      if (value === pending) return pending
      if (value === ended) return this.endAs(this.#inlet)
      let outcome: R | typeof nothing | typeof pending
      try {
        const result = this.#fn(value, this.#ctx ?? this.#makeContext())
        if (this.#gives === 'result' && typeof result !== 'object') return result as R
        outcome = isWork(result) ? this.#startFirst(value, result) : this.#outcomeOf(value, result)
      } catch (error) {
        return this.stage.fail(error)
      }
      if (outcome === pending) return super.produce()
      if (outcome !== nothing) return outcome
    }
    return this.stage.flushLater()
  }

  protected override compute(): Pulled<R> {
    this.#started = 0
    return this.#fromJobs()
  }

  #startFirst(value: T, work: unknown): typeof pending {
    this.#start(value, work)
    this.#startMore()
    return pending
  }

  #fromJobs(): Pulled<R> {
    for (let steps = 0; steps < stride; steps++) {
      const job = this.#takeFinished()
      if (job !== null) {
        if (job.failed) throw job.result
        // Before the next call begins: in a fold it needs the outcome.
        const outcome = this.#outcomeOf(job.value, job.result)
        this.#startMore()
        if (outcome !== nothing) return outcome
      } else if (!this.#startMore()) {
        return this.#isEmpty() ? this.#atRest() : pending
      }
    }
    return this.stage.flushLater()
  }

  #isEmpty(): boolean {
    return this.#underWay.first === null && this.#finished.first === null
  }

  /** Nothing is under way, and nothing could be started: the input has nothing now, or has ended. */
  #atRest(): typeof pending | typeof ended {
    return this.#hasInputEnded ? this.endAs(this.#inlet) : pending
  }

  #outcomeOf(value: T, result: unknown): R | typeof nothing {
    const gives = this.#gives
    if (gives === 'result') return result as R
    if (gives === 'value' && result) return value as unknown as R
    this.#options.sink?.(result)
    this.meter?.departed(1)
    return nothing
  }

  override rest(): void {
    if (!this.#worksAhead) this.#inlet.rest()
  }

  // What waits in the buffer may hang on the context: at a good end it stays until that is read.
  override release(reason: unknown): void {
    this.#inlet.leave(reason)
    if (this.stage.length === 0 || this.stage.cause !== null) this.#endContext(reason)
    for (let job = this.#underWay.first; job !== null; job = this.#underWay.first) {
      this.#underWay.remove(job)
      if (job.goroutine !== null) endGoroutine(job.goroutine, reason)
    }
  }

  override emptied(): void {
    this.#endContext(undefined)
  }

  #endContext(reason: unknown): void {
    if (this.#ctx !== null) this.stage.scope.endContext(this.#ctx, reason, this.stage.failure !== null)
  }

  #makeContext(): Context {
    this.#ctx = withCancel(this.stage.scope.ctx)
    return this.#ctx
  }

  #start(value: T, work: unknown): void {
    const job = new Job(value)
    this.#worksAhead = true
    this.#busy++
    this.#underWay.push(job)
    job.goroutine = startWork(work, this.#fn.name, (failed, result) => this.#end(job, failed, result))
    if (this.stage.closed && job.goroutine !== null) endGoroutine(job.goroutine, undefined) // its function has ended the stage
  }

  override workAhead(): void {
    this.#started = 0
    if (this.#worksAhead) this.#startMore()
  }

  /** Starts as many as may be under way; says whether one has finished at once. */
  #startMore(): boolean {
    let hasFinished = false
    while (this.#mayStart()) {
      if (this.#started === stride) {
        this.stage.flushLater() // `concurrency` may be without limit, and the input without end
        break
      }
      this.#started++
      const value = this.#inlet.pull()
      this.#hasInputEnded = value === ended
      if (value === pending || value === ended) break
      hasFinished = this.#startNext(value) || hasFinished
    }
    return hasFinished
  }

  #mayStart(): boolean {
    if (this.stage.closed || this.#firstError !== null) return false
    const { concurrency, capacity } = this.#options
    const unread = this.#underWay.length + this.#finished.length + this.stage.length
    return this.#busy < concurrency && unread < concurrency + capacity
  }

  #startNext(value: T): boolean {
    let result: unknown
    let failed = false
    try {
      result = this.#fn(value, this.#ctx ?? this.#makeContext())
      if (isWork(result)) {
        this.#start(value, result)
        return false
      }
    } catch (error) {
      result = error
      failed = true
    }
    const job = new Job(value)
    this.#underWay.push(job)
    this.#note(job, failed, result)
    return true
  }

  #end(job: Job<T>, failed: boolean, result: unknown): void {
    this.#busy--
    if (this.stage.closed) return
    this.#note(job, failed, result)
    this.stage.flushLater()
  }

  #note(job: Job<T>, failed: boolean, result: unknown): void {
    job.isDone = true
    job.failed = failed
    job.result = result
    if (!this.#options.ordered) {
      this.#underWay.remove(job)
      this.#finished.push(job)
    }
    if (failed && this.#firstError === null) this.#noteError(result)
  }

  #noteError(error: unknown): void {
    this.#firstError = { error }
    this.#inlet.leave(error)
    if (this.#ctx !== null) this.stage.scope.endContext(this.#ctx, error, true)
  }

  /** The next result, if it is there. */
  #takeFinished(): Job<T> | null {
    const jobs = this.#options.ordered ? this.#underWay : this.#finished
    const job = jobs.first
    const isNext = job?.isDone === true
    if (this.#firstError !== null && (!isNext || job.failed)) throw this.#firstError.error
    if (!isNext) return null
    jobs.remove(job)
    return job
  }
}
