import { describe, expect } from 'vitest'
import { type Chan, chan } from 'warren'
import { type Body, inEveryPair, on } from '../../support/styles.ts'

const length = 10_000

// Go: test/chan/goroutines.go
describe('many goroutines', () => {
  inEveryPair(`a value passes through a chain of ${length} goroutines`, function* (one, other) {
    function* pass(left: Chan<number>, right: Chan<number>): Body {
      yield* on(left.send((yield* on(right.receive()))! + 1))
    }
    const leftmost = chan<number>()
    let left = leftmost
    let right = leftmost
    for (let i = 0; i < length; i++) {
      right = chan<number>()
      const style = i % 2 === 0 ? one : other
      style.go(pass, left, right)
      left = right
    }
    one.go(function* () {
      yield* on(right.send(1))
    })
    expect(yield* on(leftmost.receive())).toBe(length + 1)
  })
})
