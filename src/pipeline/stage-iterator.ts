// `for await` over a stage: the loop counts as a reader, so leaving it early ends the stage, if nobody else reads.
import { ChanIterator } from '../chan/chan-iterator.ts'
import type { Stage } from './stage.ts'

export class StageIterator<T> extends ChanIterator<T> {
  #stage: Stage<T> | null

  constructor(stage: Stage<T>) {
    super(stage)
    this.#stage = stage
    stage.attach()
  }

  override return(): Promise<IteratorResult<T, undefined>> {
    this.#stage?.detach(undefined)
    this.#stage = null
    return super.return()
  }
}
