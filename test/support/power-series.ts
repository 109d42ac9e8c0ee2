// Power series as demand-driven streams (M. D. McIlroy, "Squinting at Power Series"): one goroutine per operation, a
// request channel and a data channel per stream. Hard on a channel implementation: thousands of goroutines, all
// rendezvous, selects whose cases turn nil one by one.
import { type Chan, chan, type ReceiveChan, select, sending } from 'warren'
import { type Body, on, type Style } from './styles.ts'

/** Coefficients: rational numbers, in some representation. */
export interface Field<T> {
  of(numerator: number, denominator?: number): T
  add(a: T, b: T): T
  multiply(a: T, b: T): T
  negate(a: T): T
  invert(a: T): T
}

/** What a stream carries: a coefficient, or the end of it. */
const finis: unique symbol = Symbol('finis')
type Item<T> = T | typeof finis

interface Stream<T> {
  readonly requests: Chan<true>
  readonly data: Chan<Item<T>>
}
export type Series<T> = Stream<T>

function makeStream<T>(): Stream<T> {
  return { requests: chan(), data: chan() }
}

function* put<T>(item: Item<T>, out: Stream<T>): Body {
  yield* on(out.requests.receive())
  yield* on(out.data.send(item))
}

function* get<T>(from: Stream<T>): Body<Item<T>> {
  yield* on(from.requests.send(true))
  return (yield* on(from.data.receive())) as Item<T>
}

function* copy<T>(from: Stream<T>, out: Stream<T>): Body {
  for (;;) yield* put(yield* get(from), out)
}

/** One item of each of two streams, asked for and taken in whatever order they are ready. */
function* getBoth<T>(first: Stream<T>, second: Stream<T>): Body<[Item<T>, Item<T>]> {
  const asked = [false, false]
  const items: (Item<T> | undefined)[] = [undefined, undefined]
  const data: (ReceiveChan<Item<T>> | null)[] = [null, null]
  for (let left = 4; left > 0; left--) {
    const picked = yield* on(
      select([
        asked[0] ? null : sending(first.requests, true),
        asked[1] ? null : sending(second.requests, true),
        data[0]!,
        data[1]!,
      ] as const),
    )
    const which = picked.case % 2
    if (picked.case < 2) {
      asked[which] = true
      data[which] = which === 0 ? first.data : second.data
    } else {
      items[which] = picked.value
      data[which] = null
    }
  }
  return items as [Item<T>, Item<T>]
}

/** Arithmetic on series over one field, by goroutines of one style. */
export class PowerSeries<T> {
  readonly #field: Field<T>
  readonly #style: Style

  constructor(field: Field<T>, style: Style) {
    this.#field = field
    this.#style = style
  }

  /** The first coefficients of a series. */
  *first(series: Series<T>, count: number): Body<Item<T>[]> {
    const items: Item<T>[] = []
    for (let i = 0; i < count; i++) items.push(yield* get(series))
    return items
  }

  /** c + cx + cx² + ... */
  repeat(c: T): Series<T> {
    return this.#make(function* (out) {
      for (;;) yield* put(c, out)
    })
  }

  add(u: Series<T>, v: Series<T>): Series<T> {
    const { add } = this.#field
    return this.#make(function* (out) {
      for (;;) {
        yield* on(out.requests.receive())
        const [a, b] = yield* getBoth(u, v)
        if (a !== finis && b !== finis) {
          yield* on(out.data.send(add(a, b)))
          continue
        }
        yield* on(out.data.send(a === finis ? b : a))
        if (a === finis && b === finis) return
        yield* copy(a === finis ? v : u, out)
      }
    })
  }

  scale(c: T, u: Series<T>): Series<T> {
    const { multiply } = this.#field
    return this.#make(function* (out) {
      for (;;) {
        yield* on(out.requests.receive())
        const a = yield* get(u)
        yield* on(out.data.send(a === finis ? finis : multiply(c, a)))
        if (a === finis) return
      }
    })
  }

  subtract(u: Series<T>, v: Series<T>): Series<T> {
    return this.add(u, this.scale(this.#field.negate(this.#field.of(1)), v))
  }

  shift(c: T, u: Series<T>): Series<T> {
    return this.#make(function* (out) {
      yield* put(c, out)
      yield* copy(u, out)
    })
  }

  /** (a + xU)(b + xV) = ab + x(aV + bU) + x²UV */
  multiply(u: Series<T>, v: Series<T>): Series<T> {
    const field = this.#field
    return this.#make(function* (this: PowerSeries<T>, out: Stream<T>): Body {
      yield* on(out.requests.receive())
      const [a, b] = yield* getBoth(u, v)
      if (a === finis || b === finis) {
        yield* on(out.data.send(finis))
        return
      }
      yield* on(out.data.send(field.multiply(a, b)))
      const [u1, u2] = this.split(u)
      const [v1, v2] = this.split(v)
      const cross = this.add(this.scale(a, v1), this.scale(b, u1))
      yield* put(yield* get(cross), out)
      yield* copy(this.add(cross, this.multiply(u2, v2)), out)
    })
  }

  differentiate(u: Series<T>): Series<T> {
    const { multiply, of } = this.#field
    return this.#make(function* (out) {
      yield* on(out.requests.receive())
      let a = yield* get(u)
      for (let i = 1; a !== finis; i++) {
        a = yield* get(u)
        if (a === finis) break
        yield* on(out.data.send(multiply(of(i), a)))
        yield* on(out.requests.receive())
      }
      yield* on(out.data.send(finis))
    })
  }

  integrate(c: T, u: Series<T>): Series<T> {
    const { multiply, of } = this.#field
    return this.#make(function* (out) {
      yield* put(c, out)
      for (let i = 1; ; i++) {
        yield* on(out.requests.receive())
        const a = yield* get(u)
        yield* on(out.data.send(a === finis ? finis : multiply(of(1, i), a)))
        if (a === finis) return
      }
    })
  }

  /** 1/U: Z = z(1 - x z U' Z) with z = 1/u0. */
  reciprocal(u: Series<T>): Series<T> {
    const { invert, negate } = this.#field
    return this.#make(function* (this: PowerSeries<T>, out: Stream<T>): Body {
      yield* on(out.requests.receive())
      const z = invert((yield* get(u)) as T)
      yield* on(out.data.send(z))
      const result: [Stream<T>, Stream<T>] = [makeStream(), makeStream()]
      this.#splitInto(this.multiply(this.scale(negate(z), u), this.shift(z, result[0])), result)
      yield* copy(result[1], out)
    })
  }

  /** The solution of Z' = Z U', Z(0) = 1, fed back into itself. */
  exponentiate(u: Series<T>): Series<T> {
    const result: [Stream<T>, Stream<T>] = [makeStream(), makeStream()]
    this.#splitInto(this.integrate(this.#field.of(1), this.multiply(result[0], this.differentiate(u))), result)
    return result[1]
  }

  /** U(c xⁿ) */
  substituteMonomial(u: Series<T>, c: T, n: number): Series<T> {
    const { multiply, of } = this.#field
    return this.#make(function* (out) {
      for (let power = of(1); ; power = multiply(power, c)) {
        yield* on(out.requests.receive())
        const a = yield* get(u)
        yield* on(out.data.send(a === finis ? finis : multiply(a, power)))
        if (a === finis) return
        for (let i = 1; i < n; i++) yield* put(of(0), out)
      }
    })
  }

  /** Two streams with all the items of one; whichever is ahead asks for the next, the other finds it waiting. */
  split(from: Stream<T>): [Stream<T>, Stream<T>] {
    const outs: [Stream<T>, Stream<T>] = [makeStream(), makeStream()]
    this.#splitInto(from, outs)
    return outs
  }

  #splitInto(from: Stream<T>, outs: readonly [Stream<T>, Stream<T>]): void {
    const released = chan<true>(1)
    released.trySend(true)
    this.#style.go(splitOnce, this.#style, from, outs[0], outs[1], released)
  }

  #make(body: (this: PowerSeries<T>, out: Stream<T>) => Body): Stream<T> {
    const out = makeStream<T>()
    this.#style.go(body.bind(this), out)
    return out
  }
}

/** Serves one item to both, then leaves; another of its kind is already waiting behind it. */
function* splitOnce<T>(
  style: Style,
  from: Stream<T>,
  first: Stream<T>,
  second: Stream<T>,
  turn: ReceiveChan<true>,
): Body {
  let [ahead, behind] = [first, second]
  let hasTurn = false
  const picked = yield* on(select({ turn, ahead: ahead.requests }))
  if (picked.case === 'turn') {
    hasTurn = true
    const either = yield* on(select({ first: first.requests, second: second.requests }))
    if (either.case === 'second') [ahead, behind] = [behind, ahead]
  }
  yield* on(from.requests.send(true))
  const release = chan<true>()
  style.go(splitOnce<T>, style, from, ahead, behind, release)
  const item = (yield* on(from.data.receive())) as Item<T>
  yield* on(ahead.data.send(item))
  if (!hasTurn) yield* on(turn.receive())
  yield* on(behind.requests.receive())
  yield* on(behind.data.send(item))
  yield* on(release.send(true))
}
