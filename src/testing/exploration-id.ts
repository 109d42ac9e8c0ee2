// Which exploration a token belongs to: the how-manieth of which file, so that `WARREN_REPLAY` finds the right one among
// several in a file, also after the file was edited.
import { currentSite } from '../runtime/site.ts'
import { emptyHash, extendHash } from './fnv.ts'

export interface ExplorationPlace {
  readonly id: number
  readonly file: string | undefined
}

const fileBits = 12
const ordinalBits = 8

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
  return { id: (hashOf(name) % 2 ** fileBits) * 2 ** ordinalBits + (ordinal % 2 ** ordinalBits), file }
}

/** Whether a token was made in this file, if perhaps by another of its explorations. */
export function isOfSameFile({ explorationId }: { readonly explorationId: number }, { id }: ExplorationPlace): boolean {
  return Math.floor(explorationId / 2 ** ordinalBits) === Math.floor(id / 2 ** ordinalBits)
}

function hashOf(text: string): number {
  let hash = emptyHash
  for (let i = 0; i < text.length; i++) hash = extendHash(hash, text.charCodeAt(i))
  return hash
}
