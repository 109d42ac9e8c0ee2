// What hangs on a context and ends with it: a circular list around a sentinel, so that each member leaves it in O(1)
// without knowing whose it is, and a whole list moves into another in O(1).
import type { ContextError } from '../errors/context-error.ts'

interface Place {
  before: Place | null
  after: Place | null
}

/** A derived context, or a function to call. Its places are null while it is in no list. */
export interface Link extends Place {
  /** Is to end in this step; what hangs on it goes behind it in its list. Before any wait is told: see scope.ts. */
  mark(error: ContextError): void
  /** Tells who waits for its end. Runs no code of the user's. */
  end(error: ContextError, controllers: AbortController[]): void
}

export class Links implements Place {
  before: Place = this
  after: Place = this

  get first(): Link | null {
    return this.after === this ? null : (this.after as Link)
  }

  /** The member behind `link`. */
  behind(link: Link): Link | null {
    return link.after === this ? null : (link.after as Link)
  }

  push(link: Link): void {
    link.before = this.before
    link.after = this
    this.before.after = link
    this.before = link
  }
}

/** Takes all members of `other` and puts them behind `link`, which is in a list. */
export function moveBehind(link: Link, other: Links): void {
  if (other.first === null) return
  const after = link.after!
  other.before.after = after
  after.before = other.before
  link.after = other.after
  other.after.before = link
  other.before = other
  other.after = other
}

/** Takes a link out of its list, if it is in one; says whether it was. */
export function unlink(link: Link): boolean {
  const { before, after } = link
  if (before === null || after === null) return false
  before.after = after
  after.before = before
  link.before = null
  link.after = null
  return true
}
