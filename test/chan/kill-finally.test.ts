// What a goroutine may do while a kill unwinds it.

import { describe, expect, test } from 'vitest'
import { chan, go, gosched, select } from 'warren'
import { expectKilled } from '../support/killed.ts'
import { type Body, idle, Outcome } from '../support/styles.ts'

describe('finally blocks', () => {
  test('may wait, and the kill waits for them', async () => {
    const [ch, release] = [chan<never>(), chan<number>()]
    const values: unknown[] = []
    const goroutine = go(function* () {
      try {
        yield* ch.receive()
      } finally {
        values.push(yield* release.receive())
        values.push((yield* select({ release })).value)
      }
    })
    await idle()
    goroutine.kill('why')
    const joined = new Outcome(goroutine.join())
    await idle()
    expect(joined.state).toBe('pending')
    await release.send(1)
    await release.send(2)
    await expectKilled(goroutine, 'why')
    expect(values).toEqual([1, 2])
  })

  test('run from the inside out, through every generator', async () => {
    const order: string[] = []
    function* nested(name: string, inner: () => Body<unknown>): Body {
      try {
        yield* inner()
      } finally {
        yield* gosched()
        order.push(name)
      }
    }
    const ch = chan<never>()
    const goroutine = go(() =>
      nested('outer', () =>
        nested('middle', () =>
          nested('inner', function* () {
            yield* ch.receive()
          }),
        ),
      ),
    )
    await idle()
    goroutine.kill()
    await expectKilled(goroutine)
    expect(order).toEqual(['inner', 'middle', 'outer'])
  })

  test('a second kill does not interrupt them, and does not change the reason', async () => {
    const [ch, release] = [chan<never>(), chan<true>()]
    let finished = false
    const goroutine = go(function* () {
      try {
        yield* ch.receive()
      } finally {
        yield* release.receive()
        finished = true
      }
    })
    await idle()
    goroutine.kill('first')
    await idle()
    goroutine.kill('second')
    await idle()
    expect(finished).toBe(false)
    await release.send(true)
    await expectKilled(goroutine, 'first')
    expect(finished).toBe(true)
  })

  test('release what using declared', async () => {
    const ch = chan<never>()
    let disposed = 0
    const resource = { [Symbol.dispose]: () => disposed++ }
    const goroutine = go(function* () {
      using _ = resource
      yield* ch.receive()
    })
    await idle()
    goroutine.kill()
    await expectKilled(goroutine)
    expect(disposed).toBe(1)
  })
})
