import { describe, expect } from 'vitest'
import { type Chan, chan, gosched, select, sending } from 'warren'
import { type Body, inEveryPair, on, type Style } from '../../support/styles.ts'

const perChannel = 76

/** A channel with what is sent on it next and what is expected from it next; each end is nil when it is through. */
class Line {
  sender: Chan<number> | null
  receiver: Chan<number> | null
  nextSent = 0
  nextReceived = 0
  readonly #totals: { sent: number; received: number }

  constructor(capacity: number, totals: { sent: number; received: number }) {
    const ch = chan<number>(capacity)
    this.sender = ch
    this.receiver = ch
    this.#totals = totals
  }

  sent(): boolean {
    this.#totals.sent++
    if (++this.nextSent < perChannel) return false
    this.sender = null
    return true
  }

  received(value: number): boolean {
    this.#totals.received++
    expect(value).toBe(this.nextReceived)
    if (++this.nextReceived < perChannel) return false
    this.receiver = null
    return true
  }
}

let seed = 0

function* giveWay(most: number): Body {
  seed = (seed + 10_007) % 1_000_000
  for (let turns = seed % most; turns >= 0; turns--) yield* on(gosched())
}

function* send(line: Line): Body {
  do {
    yield* giveWay(10)
    yield* on(line.sender!.send(line.nextSent))
  } while (!line.sent())
}

function* receive(line: Line): Body {
  let value: number | undefined
  do {
    yield* giveWay(10)
    value = yield* on(line.receiver!.receive())
  } while (!line.received(value!))
}

function* mix(froms: readonly Line[], tos: readonly Line[]): Body {
  for (let running = froms.length + tos.length; running > 0; ) {
    yield* giveWay(5)
    const picked = yield* on(
      select([
        ...froms.map((line) => line.receiver),
        ...tos.map((line) => line.sender && sending(line.sender, line.nextSent)),
      ]),
    )
    const from = froms[picked.case]
    const ended = from === undefined ? tos[picked.case - froms.length]!.sent() : from.received(picked.value as number)
    if (ended) running--
  }
}

type Plan = (lines: (n: number) => Line[], start: (body: Body, which: 'one' | 'other') => void) => void

const plans: Record<string, Plan> = {
  'four senders and four receivers'(lines, start) {
    for (const line of lines(4)) {
      start(send(line), 'one')
      start(receive(line), 'other')
    }
  },
  'four senders and a select'(lines, start) {
    const four = lines(4)
    for (const line of four) start(send(line), 'one')
    start(mix(four, []), 'other')
  },
  'a select and four receivers'(lines, start) {
    const four = lines(4)
    for (const line of four) start(receive(line), 'one')
    start(mix([], four), 'other')
  },
  'a select that sends and one that receives'(lines, start) {
    const four = lines(4)
    start(mix([], four), 'one')
    start(mix(four, []), 'other')
  },
  'two selects, each sending to the other'(lines, start) {
    const [there, back] = [lines(4), lines(4)]
    start(mix(back, there), 'one')
    start(mix(there, back), 'other')
  },
  'senders and receivers around two such selects'(lines, start) {
    const [inner, fed, drained] = [lines(4), lines(4), lines(4)]
    for (const line of fed) start(send(line), 'one')
    for (const line of drained) start(receive(line), 'one')
    start(mix(fed, inner), 'one')
    start(mix(inner, drained), 'other')
  },
}

function* run(plan: Plan, capacity: number, one: Style, other: Style): Body {
  const totals = { sent: 0, received: 0 }
  const running: ReturnType<Style['go']>[] = []
  let count = 0
  plan(
    (n) => {
      count += n
      return Array.from({ length: n }, () => new Line(capacity, totals))
    },
    // The body is made here but runs in its goroutine: a generator does nothing before its first step.
    (body, which) => running.push((which === 'one' ? one : other).go(() => body)),
  )
  for (const goroutine of running) yield* on(goroutine.join())
  expect(totals).toEqual({ sent: count * perChannel, received: count * perChannel })
}

// Go: test/ken/chan.go
for (const capacity of [0, 1, 10, 100]) {
  describe(`channels of capacity ${capacity}`, () => {
    for (const [title, plan] of Object.entries(plans)) {
      inEveryPair(title, (one, other) => run(plan, capacity, one, other))
    }
  })
}
