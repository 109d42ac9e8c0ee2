// FNV-1a, a hash of a sequence of integers (Fowler, Noll, Vo).

/** The hash of nothing. */
export const emptyHash = 0x811c9dc5

/** The hash of the sequence of `hash`, with `value` behind it. */
export function extendHash(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193) >>> 0
}
