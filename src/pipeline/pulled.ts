// What asking a stage or an input for its next value can give besides a value. Symbols of our own: any other value may be
// one that travels.

/** Not now: whoever waits in the channel's queue is told when there is something. */
export const pending: unique symbol = Symbol('pending')
/** Nothing more will come. */
export const ended: unique symbol = Symbol('ended')

export type Pulled<T> = T | typeof pending | typeof ended

/** How many steps a stage takes in one go without a result, before it gives way. */
export const stride = 256
