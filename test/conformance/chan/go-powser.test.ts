import { describe, expect } from 'vitest'
import { type Field, PowerSeries } from '../../support/power-series.ts'
import { type Body, inBothStyles } from '../../support/styles.ts'

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b)
}

function reduce(numerator: number, denominator: number): [number, number] {
  const divisor = gcd(numerator, denominator) * Math.sign(denominator)
  // `+ 0`: no negative zero.
  return [numerator / divisor + 0, denominator / divisor]
}

/** powser1 sends structs: values. */
const tuples: Field<readonly [number, number]> = {
  of: (numerator, denominator = 1) => reduce(numerator, denominator),
  add: ([a, b], [c, d]) => reduce(a * d + c * b, b * d),
  multiply: ([a, b], [c, d]) => reduce(a * c, b * d),
  negate: ([a, b]) => [0 - a, b],
  invert: ([a, b]) => reduce(b, a),
}

/** powser2 sends pointers through an interface: objects with methods. */
class Rational {
  readonly numerator: number
  readonly denominator: number

  constructor(numerator: number, denominator: number) {
    ;[this.numerator, this.denominator] = reduce(numerator, denominator)
  }

  plus(other: Rational): Rational {
    const { numerator: n, denominator: d } = other
    return new Rational(this.numerator * d + n * this.denominator, this.denominator * d)
  }

  times(other: Rational): Rational {
    return new Rational(this.numerator * other.numerator, this.denominator * other.denominator)
  }
}

const objects: Field<Rational> = {
  of: (numerator, denominator = 1) => new Rational(numerator, denominator),
  add: (a, b) => a.plus(b),
  multiply: (a, b) => a.times(b),
  negate: (a) => new Rational(0 - a.numerator, a.denominator),
  invert: (a) => new Rational(a.denominator, a.numerator),
}

const factorials = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880]
/** The coefficients of exp(x/(1-x)), times n!: how many sets of lists there are (OEIS A000262). */
const setsOfLists = [1, 1, 3, 13, 73, 501, 4051, 37633, 394353, 4596553]

function suite<T>(name: string, field: Field<T>): void {
  const { of } = field
  const count = 10
  const numbers = (at: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => at(i))

  describe(name, () => {
    const check = (
      title: string,
      series: (ps: PowerSeries<T>) => Parameters<PowerSeries<T>['first']>[0],
      wanted: T[],
    ): void =>
      inBothStyles(title, function* (style): Body {
        const ps = new PowerSeries(field, style)
        expect(yield* ps.first(series(ps), wanted.length)).toEqual(wanted)
      })
    const ones = (ps: PowerSeries<T>) => ps.repeat(of(1))
    const twos = (ps: PowerSeries<T>) => ps.repeat(of(2))

    check(
      'ones',
      ones,
      numbers(() => of(1)),
    )
    check(
      'a sum',
      (ps) => ps.add(ones(ps), twos(ps)),
      numbers(() => of(3)),
    )
    check(
      'a derivative',
      (ps) => ps.differentiate(ones(ps)),
      numbers((i) => of(i + 1)),
    )
    check(
      'an integral',
      (ps) => ps.integrate(of(0), ones(ps)),
      numbers((i) => (i === 0 ? of(0) : of(1, i))),
    )
    check(
      'a multiple',
      (ps) => ps.scale(of(-1), twos(ps)),
      numbers(() => of(-2)),
    )
    check(
      'a difference',
      (ps) => ps.subtract(ones(ps), twos(ps)),
      numbers(() => of(-1)),
    )
    check(
      'a product',
      (ps) => ps.multiply(ones(ps), ones(ps)),
      numbers((i) => of(i + 1)),
    )
    check(
      'a reciprocal',
      (ps) => ps.reciprocal(ones(ps)),
      numbers((i) => of(i === 0 ? 1 : i === 1 ? -1 : 0)),
    )
    check(
      'an exponential',
      (ps) => ps.exponentiate(ps.shift(of(0), ones(ps))),
      numbers((i) => of(setsOfLists[i]!, factorials[i]!)),
    )
    check(
      'the arc tangent',
      (ps) => ps.integrate(of(0), ps.substituteMonomial(ones(ps), of(-1), 2)),
      numbers((i) => (i % 2 === 0 ? of(0) : of(i % 4 === 1 ? 1 : -1, i))),
    )
  })
}

// Go: test/chan/powser1.go
suite('power series of tuples', tuples)

// Go: test/chan/powser2.go
suite('power series of objects', objects)
