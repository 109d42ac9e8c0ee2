// Running code in the asynchronous context in which nothing of a bubble is known.
type RunOutside = (fn: () => void) => void

let runOutside: RunOutside | null = null
let users = 0

/** Takes the calling context for the one outside, until all who have called have left; called where it surely is. */
export function noteOutside(run: RunOutside): () => void {
  users++
  runOutside ??= run
  return () => {
    if (--users === 0) runOutside = null
  }
}

export function stepOutside(fn: () => void): void {
  if (runOutside === null) fn()
  else runOutside(fn)
}
