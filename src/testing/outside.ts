// Running code in the asynchronous context in which nothing of a bubble is known.
type RunOutside = (fn: () => void) => void

let runOutside: RunOutside | null = null

/** Takes the calling context for the one outside; called where it surely is. */
export function noteOutside(run: RunOutside): void {
  runOutside ??= run
}

export function stepOutside(fn: () => void): void {
  if (runOutside === null) fn()
  else runOutside(fn)
}
