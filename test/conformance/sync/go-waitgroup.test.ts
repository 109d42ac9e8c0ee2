import { describe, expect } from 'vitest'
import { chan, go, PanicError, WaitGroup } from 'warren'
import { type Body, inBothStyles, on, type Style } from '../../support/styles.ts'

const count = 16

function* oneRound(style: Style, arrived: WaitGroup, mayLeave: WaitGroup): Body {
  arrived.add(count)
  mayLeave.add(count)
  const exited = chan<boolean>(count)
  for (let i = 0; i < count; i++) {
    style.go(function* member(): Body {
      arrived.done()
      yield* on(mayLeave.wait())
      yield* on(exited.send(true))
    })
  }
  yield* on(arrived.wait())
  for (let i = 0; i < count; i++) {
    expect(exited.tryReceive(), 'nobody is released too soon').toBe(undefined)
    mayLeave.done()
  }
  for (let i = 0; i < count; i++) yield* on(exited.receive())
}

describe('WaitGroup', () => {
  // Go: sync/waitgroup_test.go, TestWaitGroup
  inBothStyles('holds back those who wait until all are done, round after round', function* (style) {
    const arrived = new WaitGroup()
    const mayLeave = new WaitGroup()
    for (let round = 0; round < 8; round++) yield* oneRound(style, arrived, mayLeave)
  })

  // Go: sync/waitgroup_test.go, TestWaitGroupMisuse
  inBothStyles('panics when more is done than was added', function* () {
    const wg = new WaitGroup()
    wg.add(1)
    wg.done()
    const again = () => wg.done()
    expect(again).toThrow(PanicError)
    expect(again).toThrow(/^sync: negative WaitGroup counter$/)
  })

  // Go: sync/waitgroup_test.go, TestWaitGroupRace
  inBothStyles('is not released before the last of two is done', function* (style) {
    for (let i = 0; i < 300; i++) {
      const wg = new WaitGroup()
      let n = 0
      for (let j = 0; j < 2; j++) {
        wg.add(1)
        style.go(function* (): Body {
          n++
          wg.done()
        })
      }
      yield* on(wg.wait())
      expect(n).toBe(2)
    }
  })

  // Go: sync/waitgroup_test.go, TestWaitGroupAlign
  inBothStyles('works as a field of an object', function* () {
    const holder = { x: 1, wg: new WaitGroup() }
    holder.wg.add(1)
    go(() => holder.wg.done())
    yield* on(holder.wg.wait())
  })

  // Go: sync/waitgroup_test.go, TestWaitGroupGo (Go 1.25)
  inBothStyles('runs goroutines that it waits for', function* () {
    const wg = new WaitGroup()
    let i = 0
    wg.go(() => {
      i++
    })
    wg.go(async () => {
      i++
    })
    wg.go(function* () {
      i++
    })
    yield* on(wg.wait())
    expect(i).toBe(3)
  })
})
