// A goroutine that a primitive starts for its user: it reports how it ended, whatever the style of its body.
import { invalidType } from '../errors/argument.ts'
import { KilledError } from '../errors/goroutine-error.ts'
import { PanicError } from '../errors/panic-error.ts'
import { launch } from '../runtime/go.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { RunInContext } from '../runtime/host.ts'
import type { Wait } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { currentSite } from '../runtime/site.ts'
import { WaitReason } from '../runtime/wait-reason.ts'

/** Told once how a child ended, before its goroutine ends. What it throws ends the goroutine instead. */
export interface Parent {
  /** Says whether it answers for the error, if the child failed: one that nobody answers for ends the program. */
  ended(failed: boolean, value: unknown): boolean
}

/** Throws what `go` throws for a body that is none. */
export function requireBody(fn: unknown): void {
  if (fn === null || fn === undefined) throw new PanicError('ERR_GO_NIL')
  if (typeof fn !== 'function') throw invalidType('the body of a goroutine', 'a function', fn)
}

/** Starts `fn` as a goroutine. */
export function startChild(fn: () => GoroutineBody<unknown>, parent: Parent): GoroutineRecord {
  return new Child(fn, parent).start()
}

/** A child and who asked for it, from when it was asked for. */
export class Child {
  readonly fn: () => GoroutineBody<unknown>
  readonly parent: Parent
  /** Of the function that the user gave, if `fn` calls it. */
  name: string
  readonly #starter = scheduler.currentRecord()
  readonly #site = scheduler.recordsSites ? currentSite() : undefined
  #context: RunInContext | null = null

  constructor(fn: () => GoroutineBody<unknown>, parent: Parent) {
    this.fn = fn
    this.name = fn.name
    this.parent = parent
  }

  /** It will be started by somebody else: it keeps the asynchronous context of now. */
  defer(): void {
    this.#context = scheduler.host.captureContext()
  }

  start(): GoroutineRecord {
    if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
    const record = scheduler.newRecord(this.#starter)
    record.name = this.name
    record.createdAt = this.#site
    if (this.#context === null) this.launch(record)
    else this.#context((it: Child) => it.launch(record), this)
    return record
  }

  /** @internal */
  launch(record: GoroutineRecord): void {
    launch(record, this.#starter, runChild, [this])
  }
}

function runChild({ fn, parent }: Child): GoroutineBody<unknown> {
  let body: unknown
  try {
    body = fn()
    if (typeof body === 'object' && body !== null) {
      const tag = (body as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
      if (tag === 'Generator') return runGenerator(body as Generator<Wait, unknown, unknown>, parent)
      if (tag === 'AsyncGenerator') throw invalidType('the body of a goroutine', 'async, a generator or plain', body)
      if ('then' in body && typeof body.then === 'function') return runPromise(body as PromiseLike<unknown>, parent)
    }
  } catch (error) {
    if (!parent.ended(true, error)) throw error
    return undefined
  }
  parent.ended(false, body)
  return undefined
}

function* runGenerator(body: Generator<Wait, unknown, unknown>, parent: Parent): Generator<Wait, void, unknown> {
  let value: unknown
  let state: 'running' | 'done' | 'failed' = 'running'
  let isAnswered = true
  try {
    value = yield* body
    state = 'done'
  } catch (error) {
    value = error
    state = 'failed'
  } finally {
    if (state === 'running') value = new KilledError('the goroutine was killed')
    isAnswered = parent.ended(state !== 'done', value)
  }
  if (!isAnswered && state === 'failed') throw value
}

function runPromise(body: PromiseLike<unknown>, parent: Parent): Promise<void> {
  return Promise.resolve(body).then(
    (value) => {
      noteEnd()
      parent.ended(false, value)
    },
    (error: unknown) => {
      noteEnd()
      if (!parent.ended(true, error)) throw error
    },
  )
}

/** In a bubble it is told apart whether a goroutine has ended, or awaits something of its own. */
function noteEnd(): void {
  const record = scheduler.world() === null ? undefined : scheduler.currentRecord()
  if (record !== undefined) record.reason = WaitReason.dead
}
