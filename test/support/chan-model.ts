// A channel as semantics has it, and nothing for speed: arrays, searched and spliced. Everything happens at once, in the
// order of the calls; what the runtime leaves to a turn of its own (an iterable that is read on) is `later`.

export type ModelOutcome =
  | { readonly value: unknown }
  | { readonly code: 'ERR_SEND_CLOSED'; readonly unsent: number }
  | { readonly code: 'ERR_CONTEXT_CANCELED' | 'ERR_KILLED' }

type Overflow = 'block' | 'drop-newest' | 'drop-oldest'

/** One place of an operation in the queue of one channel. */
interface Entry {
  readonly operation: ModelOperation
  readonly queue: Entry[]
}

interface Sender extends Entry {
  readonly value: number
  /** The value is taken. */
  taken(): void
}

interface Receiver extends Entry {
  given(value: number): void
  ended(): void
}

export class ModelOperation {
  outcome: ModelOutcome | undefined = undefined
  readonly #entries: Entry[] = []

  enter<E extends Entry>(entry: E): void {
    this.#entries.push(entry)
    entry.queue.push(entry)
  }

  end(outcome: ModelOutcome): void {
    this.outcome = outcome
    for (const { queue } of this.#entries) {
      for (let i = queue.length - 1; i >= 0; i--) if (queue[i]!.operation === this) queue.splice(i, 1)
    }
  }
}

export class ModelChannel {
  readonly buffer: number[] = []
  readonly senders: Sender[] = []
  readonly receivers: Receiver[] = []
  closed = false
  readonly capacity: number
  readonly overflow: Overflow

  constructor(capacity: number, overflow: Overflow) {
    this.capacity = capacity
    this.overflow = overflow
  }

  get canReceive(): boolean {
    return this.buffer.length > 0 || this.senders.length > 0
  }

  get isFull(): boolean {
    return this.buffer.length >= this.capacity && this.receivers.length === 0
  }

  put(value: number): boolean {
    if (this.receivers.length > 0) this.receivers[0]!.given(value)
    else if (this.buffer.length < this.capacity) this.buffer.push(value)
    else if (this.overflow === 'block') return false
    else if (this.overflow === 'drop-oldest') this.buffer.splice(0, 1, ...this.buffer.splice(1), value)
    return true
  }

  take(): number {
    if (this.buffer.length === 0) return this.#takeFromSender()
    const value = this.buffer.shift()!
    if (this.senders.length > 0) this.buffer.push(this.#takeFromSender())
    return value
  }

  takeMany(max: number): number[] {
    const values = this.buffer.splice(0, max)
    // One of each that is blocked: a batch that queues again is not asked twice.
    let again: ModelOperation | undefined
    while (this.senders.length > 0 && this.senders[0]!.operation !== again && values.length < max) {
      const { operation } = this.senders[0]!
      values.push(this.#takeFromSender())
      if (this.senders.some((sender) => sender.operation === operation)) again ??= operation
    }
    while (this.senders.length > 0 && this.buffer.length < this.capacity) this.buffer.push(this.#takeFromSender())
    return values
  }

  close(): void {
    this.closed = true
    while (this.receivers.length > 0) this.receivers[0]!.ended()
    while (this.senders.length > 0) {
      const { operation, value } = this.senders[0]!
      operation.end({ code: 'ERR_SEND_CLOSED', unsent: value })
    }
  }

  #takeFromSender(): number {
    const sender = this.senders[0]!
    const { value } = sender
    sender.taken()
    return value
  }
}

export class Model {
  readonly #later: (() => void)[] = []

  send(ch: ModelChannel, value: number): ModelOperation {
    return this.sendMany(ch, [value], false)
  }

  sendMany(ch: ModelChannel, values: readonly number[], isIterable: boolean): ModelOperation {
    const operation = new ModelOperation()
    let next = 0
    const goOn = (): void => {
      while (next < values.length && !ch.closed && ch.put(values[next]!)) next++
      if (next === values.length) operation.end({ value: undefined })
      else if (ch.closed) operation.end({ code: 'ERR_SEND_CLOSED', unsent: values[next]! })
      else operation.enter(makeEntry())
    }
    const makeEntry = (): Sender => ({
      operation,
      queue: ch.senders,
      value: values[next]!,
      taken: () => {
        ch.senders.splice(
          ch.senders.findIndex((sender) => sender.operation === operation),
          1,
        )
        next++
        if (isIterable) this.#later.push(() => operation.outcome === undefined && goOn())
        else if (next === values.length) operation.end({ value: undefined })
        else operation.enter(makeEntry())
      },
    })
    goOn()
    return operation
  }

  receive(ch: ModelChannel, form: 'receive' | 'next' | 'many', max: number): ModelOperation {
    const operation = new ModelOperation()
    const end = (value: number | undefined): void => {
      if (form === 'receive') operation.end({ value })
      else if (form === 'next') operation.end({ value: { value, done: value === undefined } })
      else operation.end({ value: value === undefined ? [] : [value] })
    }
    if (ch.canReceive && form === 'many') operation.end({ value: ch.takeMany(max) })
    else if (ch.canReceive) end(ch.take())
    else if (ch.closed) end(undefined)
    else operation.enter<Receiver>({ operation, queue: ch.receivers, given: end, ended: () => end(undefined) })
    return operation
  }

  /** The first case that is ready, else all of them. */
  select(cases: readonly ModelCase[], waits: boolean): ModelOperation | undefined {
    const operation = new ModelOperation()
    for (const [index, { ch, send }] of cases.entries()) {
      if (ch === null) continue
      const picked = (ok: boolean, value?: number): void => operation.end({ value: { case: index, ok, value } })
      if (send !== undefined && (ch.closed || !ch.isFull || ch.overflow !== 'block')) {
        if (ch.closed) operation.end({ code: 'ERR_SEND_CLOSED', unsent: send })
        else {
          ch.put(send)
          picked(true)
        }
        return operation
      }
      if (send === undefined && (ch.canReceive || ch.closed)) {
        if (ch.canReceive) picked(true, ch.take())
        else picked(false)
        return operation
      }
    }
    if (!waits) return undefined
    for (const [index, { ch, send }] of cases.entries()) {
      if (ch === null) continue
      const picked = (ok: boolean, value?: number): void => operation.end({ value: { case: index, ok, value } })
      if (send !== undefined) {
        operation.enter<Sender>({ operation, queue: ch.senders, value: send, taken: () => picked(true) })
      } else {
        const given = (value: number): void => picked(true, value)
        operation.enter<Receiver>({ operation, queue: ch.receivers, given, ended: () => picked(false) })
      }
    }
    return operation
  }

  /** The turns that the runtime takes after a call. */
  settle(): void {
    for (let turn = this.#later.shift(); turn !== undefined; turn = this.#later.shift()) turn()
  }
}

export interface ModelCase {
  readonly ch: ModelChannel | null
  /** The value to send; a receive without. */
  readonly send?: number | undefined
}
