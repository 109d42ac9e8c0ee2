// Which exploration a token belongs to: the how-manieth of which file, so that `WARREN_REPLAY` finds the right one among
// several in a file, also after the file was edited.
import { currentSite } from '../runtime/site.ts'

export interface ExplorationPlace {
  readonly id: number
  readonly file: string | undefined
}

const counts = new Map<string, number>()

/** Called once for each exploration, by its maker. */
export function placeOfCaller(): ExplorationPlace {
  const file = currentSite()
    ?.split('\n')[1]
    ?.trim()
    .replace(/:\d+:\d+$/, '')
  const name = file?.split(/[/\\]/).at(-1) ?? ''
  const ordinal = (counts.get(name) ?? 0) + 1
  counts.set(name, ordinal)
  return { id: hash(`${name}#${ordinal}`) % 2 ** 15, file }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
