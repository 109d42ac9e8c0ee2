// A FIFO in a circular array whose size is a power of two. It starts small and doubles when full, up to whatever is
// pushed: a channel of capacity 1,000,000 costs nothing until values are in it.
//
// Invariants: `head` and `tail` only grow by one at a time and are compared by difference, so wrap-around of the
// counters themselves is harmless below 2^53; slots outside [head, tail) are undefined, so nothing taken is retained.

const initialSize = 8

export class Ring<T> {
  #slots: (T | undefined)[] = emptySlots(initialSize)
  #mask = initialSize - 1
  #head = 0
  #tail = 0

  get length(): number {
    return this.#tail - this.#head
  }

  push(value: T): void {
    if (this.#tail - this.#head > this.#mask) this.#grow()
    this.#slots[this.#tail++ & this.#mask] = value
  }

  /** Pushes `values[start]` up to, but not including, `values[end]`. */
  pushMany(values: readonly T[], start: number, end: number): void {
    while (this.length + end - start > this.#mask + 1) this.#grow()
    const slots = this.#slots
    const mask = this.#mask
    let tail = this.#tail
    for (let i = start; i < end; i++) slots[tail++ & mask] = values[i]
    this.#tail = tail
  }

  /** Takes the oldest value; the caller has checked that there is one. */
  shift(): T {
    const index = this.#head++ & this.#mask
    const value = this.#slots[index] as T
    this.#slots[index] = undefined
    return value
  }

  /** Takes the `count` oldest values; the caller has checked that there are as many. */
  shiftMany(count: number): T[] {
    const start = this.#head & this.#mask
    const end = start + count
    this.#head += count
    if (end <= this.#slots.length) return takeSlice(this.#slots, start, end)
    const values = takeSlice(this.#slots, start, this.#slots.length)
    return values.concat(takeSlice(this.#slots, 0, end - this.#slots.length))
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.length; i++) yield this.#slots[(this.#head + i) & this.#mask] as T
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2
    const slots = emptySlots<T>(size)
    const length = this.length
    for (let i = 0; i < length; i++) slots[i] = this.#slots[(this.#head + i) & this.#mask]
    this.#slots = slots
    this.#mask = size - 1
    this.#head = 0
    this.#tail = length
  }
}

function takeSlice<T>(slots: (T | undefined)[], start: number, end: number): T[] {
  const values = slots.slice(start, end) as T[]
  slots.fill(undefined, start, end)
  return values
}

// Filled, so that every ring has the same kind of elements: an array of small integers would make each use of this
// code polymorphic.
function emptySlots<T>(size: number): (T | undefined)[] {
  return new Array<T | undefined>(size).fill(undefined)
}
