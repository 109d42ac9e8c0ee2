// A pull through a row of stages that hand on what they read as it is. Each would only ask the next one: so the lowest is asked
// at once, in a loop instead of a recursion.
import { departures, type Inlet } from './inlet.ts'
import { ended, type Pulled, pending } from './pulled.ts'
import type { Stage } from './stage.ts'

/** As `top.pull()`. */
export function pullThrough<T>(top: Inlet<T>): Pulled<T> {
  const before = departures.count
  let inlet = top
  for (let stage = inlet.direct; stage !== null && stage.through !== null && stage.isIdle; stage = inlet.direct)
    inlet = stage.through
  const value = inlet.pull()
  if (inlet === top) return value
  if (value === pending) for (let above = top; above !== inlet; above = below(above)) above.arm()
  if (value === ended) return top.pull() // each of the row finds out by itself
  return departures.count !== before && hasLeft(top, inlet) ? ended : value
}

function below<T>(inlet: Inlet<T>): Inlet<T> {
  return (inlet.input as Stage<T>).through!
}

/** Whether one of the row was ended by the user's functions, which the pull has called. */
function hasLeft<T>(top: Inlet<T>, bottom: Inlet<T>): boolean {
  for (let inlet = top; !inlet.hasLeft; inlet = below(inlet)) if (inlet === bottom) return false
  return true
}
