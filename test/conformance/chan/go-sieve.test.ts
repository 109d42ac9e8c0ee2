import { describe, expect } from 'vitest'
import { type Chan, chan, type ReceiveChan, type SendChan, select, sending } from 'warren'
import { type Body, inBothStyles, on, type Style } from '../../support/styles.ts'

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97]

// Go: test/chan/sieve1.go
describe('the sieve of filters', () => {
  inBothStyles('finds the primes below 100', function* (style) {
    function* generate(out: SendChan<number>): Body {
      for (let i = 2; ; i++) yield* on(out.send(i))
    }
    function* filter(from: ReceiveChan<number>, out: SendChan<number>, prime: number): Body {
      for (;;) {
        const i = (yield* on(from.receive()))!
        if (i % prime !== 0) yield* on(out.send(i))
      }
    }
    let ch = chan<number>()
    style.go(generate, ch)
    for (const wanted of primes) {
      const prime = (yield* on(ch.receive()))!
      expect(prime).toBe(wanted)
      const next = chan<number>()
      style.go(filter, ch, next, prime)
      ch = next
    }
  })
})

function progression(style: Style, first: number, step: number, capacity: number): ReceiveChan<number> {
  const out = chan<number>(capacity)
  style.go(function* () {
    for (let n = first; ; n += step) yield* on(out.send(n))
  })
  return out
}

/** A channel in front of another that takes values without end, so that two goroutines cannot wait for each other. */
function elastic(style: Style, out: SendChan<number>): SendChan<number> {
  const proxy = chan<number>(10)
  style.go(function* () {
    const kept: number[] = []
    for (let head = 0; ; ) {
      const picked = yield* on(select({ proxy, sent: head < kept.length ? sending(out, kept[head]!) : null }))
      if (picked.case === 'sent') head++
      else if (picked.ok) kept.push(picked.value)
    }
  })
  return proxy
}

interface Peeked {
  head: number
  readonly rest: ReceiveChan<number>
}

/** All composites in order: merges the multiples of the primes that come in, of which the least is always known. */
function* mergeMultiples(style: Style, primesIn: ReceiveChan<number>, composites: SendChan<number>): Body {
  const sources: Peeked[] = []
  let least = 15
  function* advance(): Body {
    const source = sources.reduce((a, b) => (b.head < a.head ? b : a))
    source.head = (yield* on(source.rest.receive()))!
    least = Math.min(...sources.map(({ head }) => head))
  }
  for (;;) {
    const prime = (yield* on(primesIn.receive()))!
    const rest = progression(style, prime * prime, 2 * prime, 10)
    const head = (yield* on(rest.receive()))!
    while (least < head) {
      const composite = least
      yield* on(composites.send(composite))
      while (least === composite) yield* advance()
    }
    while (least === head && sources.length > 0) yield* advance()
    yield* on(composites.send(head))
    sources.push({ head: (yield* on(rest.receive()))!, rest })
    least = Math.min(...sources.map((source) => source.head))
  }
}

// Go: test/chan/sieve2.go
describe('the sieve that merges composites', () => {
  inBothStyles('finds the primes below 100, feeding them back into itself', function* (style) {
    const out: Chan<number> = chan(10)
    yield* on(out.sendMany([2, 3]))
    const composites = chan<number>(50)
    const known = chan<number>(10)
    yield* on(known.send(3))
    style.go(mergeMultiples, style, known, composites)
    style.go(function* () {
      const feedback = elastic(style, known)
      const candidates = progression(style, 5, 2, 50)
      let prime = (yield* on(candidates.receive()))!
      for (;;) {
        const composite = (yield* on(composites.receive()))!
        while (prime < composite) {
          yield* on(feedback.send(prime))
          yield* on(out.send(prime))
          prime = (yield* on(candidates.receive()))!
        }
        if (prime === composite) prime = (yield* on(candidates.receive()))!
      }
    })
    for (const wanted of primes) expect(yield* on(out.receive())).toBe(wanted)
  })
})
