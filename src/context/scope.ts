// What can end: the part of a context that contexts with values share with the one they stand on.
//
// Invariants
// * A scope that has ended has no waiters and no children, is in no list, and its timer is stopped: a long-lived parent
//   holds nothing of it.
// * When the first of all who wait on a tree that ends is told, the whole tree has its error: one that gives up makes room in
//   some queue, and who is behind it there must not get in with a context that has ended.
// * When any code of the user's runs because of an end (listeners of an AbortSignal), the whole tree below has ended.
// * Every wait on it retains the timer of the nearest deadline; what is only to be told of the end does not.
import { Channel } from '../chan/chan.ts'
import type { ContextError } from '../errors/context-error.ts'
import { CancelSource } from '../runtime/cancel-source.ts'
import { abort } from '../runtime/operation.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'
import type { Deadline } from './deadline.ts'
import { abortWith } from './end-error.ts'
import { type Link, Links, moveBehind, unlink } from './links.ts'

export class Scope extends CancelSource implements Link {
  before: Links | Link | null = null
  after: Links | Link | null = null
  children: Links | null = null
  /** The nearest deadline, its own or an ancestor's; it is told of every wait. */
  readonly deadline: Deadline | null
  #done: Channel<never> | null = null
  #controller: AbortController | null = null

  constructor(deadline: Deadline | null) {
    super(deadline)
    this.deadline = deadline
  }

  get done(): Channel<never> {
    if (this.#done === null) {
      this.#done = new Channel<never>(0, 'block', this.doneObserver())
      if (this.error !== undefined) this.#done.close()
    }
    return this.#done
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.error !== undefined) abortWith(this.#controller, this.error)
    }
    return this.#controller.signal
  }

  protected doneObserver(): QueueObserver | null {
    return this.deadline
  }

  override cancel(error: ContextError): void {
    if (this.error === undefined) endTree(this, error)
  }

  mark(error: ContextError): void {
    this.error = error
    if (this.children !== null) moveBehind(this, this.children)
    this.children = null
  }

  end(error: ContextError, controllers: AbortController[]): void {
    if (this.deadline?.belongsTo(this)) this.deadline.stop()
    for (let waiter = this.waiters.head; waiter !== null; waiter = this.waiters.head) abort(waiter, error)
    if (this.#done !== null) this.#done.close()
    if (this.#controller !== null) controllers.push(this.#controller)
  }
}

/** Ends `root` and all that hangs on it. */
function endTree(root: Link, error: ContextError): void {
  const left = new Links()
  unlink(root)
  left.push(root)
  endAll(left, error)
}

/** Aborts that wait for the outermost end: one may lead to others (a stage of a pipeline ends its own context). */
let aborts: (() => void)[] | null = null

/** Ends all of `left`, and what hangs on them, in the order of the tree. No recursion: a chain of contexts may be long. */
export function endAll(left: Links, error: ContextError): void {
  const isOutermost = aborts === null
  const waiting = aborts ?? []
  aborts = waiting
  const controllers: AbortController[] = []
  try {
    for (let link = left.first; link !== null; link = left.behind(link)) link.mark(error)
    for (let link = left.first; link !== null; link = left.first) {
      unlink(link)
      link.end(error, controllers)
    }
  } finally {
    if (isOutermost) aborts = null
  }
  for (const controller of controllers) waiting.push(() => abortWith(controller, error))
  if (!isOutermost) return
  for (const abort of waiting) abort()
}

/** Lets `link` end with `parent`: at once when that has ended, never when it is null. */
export function attach(link: Link, parent: Scope | null): void {
  if (parent === null) return
  if (parent.error !== undefined) {
    endTree(link, parent.error)
    return
  }
  parent.children ??= new Links()
  parent.children.push(link)
}
