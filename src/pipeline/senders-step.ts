// Whether a sender's step is what led here: the user's code must not run in it.

/** How many such steps are under way, one within the other. */
export const sendersStep: { depth: number } = { depth: 0 }

export function isInSendersStep(): boolean {
  return sendersStep.depth > 0
}
