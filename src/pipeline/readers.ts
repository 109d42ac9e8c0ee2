// Who waits for a stage. When the last of them has left, by a cancel, a kill or a lost select, the stage stops asking: a value
// that comes later must not be taken on behalf of nobody.
import type { QueueObserver } from '../runtime/wait-queue.ts'
import type { Stage } from './stage.ts'

export class Readers<T> implements QueueObserver {
  stage: Stage<T> | null = null
  readonly #deadline: QueueObserver | null

  constructor(deadline: QueueObserver | null) {
    this.#deadline = deadline
  }

  entered(): void {
    if (this.#deadline !== null) this.#deadline.entered()
  }

  left(): void {
    if (this.#deadline !== null) this.#deadline.left()
    const stage = this.stage!
    if (stage.receivers.isEmpty && !stage.closed) stage.rest()
  }
}
