// A function to be called later in a goroutine of its own. What calls it then is a clock or a cancel, which have nothing to
// do with it: so who started it, where, and in which asynchronous context is noted when it is registered.
import { launch } from '../runtime/go.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { RunInContext } from '../runtime/host.ts'
import { scheduler } from '../runtime/runtime.ts'
import { currentSite } from '../runtime/site.ts'

const start = (callback: Callback): void => callback.startHere()

export class Callback {
  readonly #fn: () => GoroutineBody<unknown>
  readonly #parent: GoroutineRecord | undefined = scheduler.currentRecord()
  readonly #site: string | undefined = scheduler.recordsSites ? currentSite() : undefined
  readonly #context: RunInContext | null = scheduler.host.captureContext()

  constructor(fn: () => GoroutineBody<unknown>) {
    if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
    this.#fn = fn
  }

  start(): void {
    if (this.#context === null) this.startHere()
    else this.#context(start, this)
  }

  /** @internal */
  startHere(): void {
    const record = scheduler.newRecord(this.#parent)
    record.name = this.#fn.name
    record.createdAt = this.#site
    launch(record, this.#parent, this.#fn, [])
  }
}
