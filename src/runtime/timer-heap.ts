// Timers ordered by due time, equal ones in the order they were started: a binary heap in which each entry knows its
// place, so that stopping one is O(log n). From the textbook (Williams 1964).

export class TimerEntry {
  due = 0
  /** Its place in the heap, or -1. */
  place = -1
  order = 0
  /** How many waits depend on it. */
  waits = 0
  /** How many of those that are still to leave do not count any more; see Clock.abandonWaits. */
  abandonedWaits = 0
  readonly fire: () => void

  constructor(fire: () => void) {
    this.fire = fire
  }

  get isStarted(): boolean {
    return this.place >= 0
  }
}

export class TimerHeap {
  #entries: TimerEntry[] = []
  #order = 0

  get first(): TimerEntry | undefined {
    return this.#entries[0]
  }

  get size(): number {
    return this.#entries.length
  }

  forEach(fn: (entry: TimerEntry) => void): void {
    this.#entries.forEach(fn)
  }

  add(entry: TimerEntry): void {
    entry.order = this.#order++
    this.#entries.push(entry)
    this.#up(entry, this.#entries.length - 1)
  }

  remove(entry: TimerEntry): void {
    const place = entry.place
    const last = this.#entries.pop()!
    entry.place = -1
    if (last === entry) return
    this.#up(last, place)
    this.#down(last, last.place)
  }

  #up(entry: TimerEntry, from: number): void {
    const entries = this.#entries
    let place = from
    while (place > 0) {
      const parentPlace = (place - 1) >> 1
      const parent = entries[parentPlace]!
      if (isBefore(parent, entry)) break
      entries[place] = parent
      parent.place = place
      place = parentPlace
    }
    entries[place] = entry
    entry.place = place
  }

  #down(entry: TimerEntry, from: number): void {
    const entries = this.#entries
    let place = from
    for (;;) {
      const left = 2 * place + 1
      if (left >= entries.length) break
      const right = left + 1
      const child = right < entries.length && isBefore(entries[right]!, entries[left]!) ? right : left
      const smaller = entries[child]!
      if (isBefore(entry, smaller)) break
      entries[place] = smaller
      smaller.place = place
      place = child
    }
    entries[place] = entry
    entry.place = place
  }
}

function isBefore(a: TimerEntry, b: TimerEntry): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}
