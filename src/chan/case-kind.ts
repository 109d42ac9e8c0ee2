// What a case of a select is, told by a registered symbol and not by its class: the channel may come from another copy of
// the package. A getter on the prototype costs no more than `instanceof`.

export const caseKind: unique symbol = Symbol.for('warren.caseKind')

export type CaseKind = 'channel' | 'never' | 'send'

/** Undefined for what is no case at all. */
export function kindOf(value: unknown): CaseKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as { readonly [caseKind]?: CaseKind })[caseKind]
}
