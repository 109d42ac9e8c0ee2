// Reading a channel on behalf of something outside: it counts as a reader, and takes an early end for the error that it is.
import type { ReceiveChan } from '../chan/types.ts'
import { background } from '../context/background.ts'
import { withCancel } from '../context/derive.ts'
import { inputOf } from './input.ts'
import { Stage } from './stage.ts'

export class Reading<T> {
  readonly #input: ReturnType<typeof inputOf<T>>
  readonly #stage: Stage<T> | null
  /** Ends a read under way: of an ordinary channel it would take one more value. */
  readonly #left = withCancel(background())

  constructor(ch: ReceiveChan<T>) {
    this.#input = inputOf(ch)
    this.#stage = this.#input instanceof Stage ? this.#input : null
    this.#stage?.attach()
  }

  /** The next value; throws what failed in the pipeline, or the error of the context that ended it. */
  async next(): Promise<IteratorResult<T, undefined>> {
    const result = await this.#input.next(this.#left)
    const cause = result.done === true ? this.#stage?.cause : undefined
    if (cause) throw cause.error
    return result
  }

  leave(reason: unknown): void {
    if (this.#left.err !== undefined) return
    this.#left.cancel(reason)
    this.#stage?.detach(reason)
  }
}
