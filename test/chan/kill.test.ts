// Killing a goroutine: before it starts, while it runs, and when its wait is over already. Blocked ones are in
// kill-blocked.test.ts, what their finally blocks may do in kill-finally.test.ts.

import { describe, expect, test } from 'vitest'
import { type Chan, chan, type Goroutine, go, gosched, KilledError, select, sending, wait } from 'warren'
import { scheduler } from '../../src/runtime/runtime.ts'
import { expectKilled } from '../support/killed.ts'
import { expectNoWaiters } from '../support/kinds.ts'
import { type Body, idle, Outcome } from '../support/styles.ts'

describe('a goroutine that has not started', () => {
  test('never starts', async () => {
    let ran = false
    const goroutine = go(function* () {
      ran = true
    })
    goroutine.kill('early')
    await expectKilled(goroutine, 'early')
    expect(ran).toBe(false)
  })

  test('cannot be killed when its body is async or plain, as later', async () => {
    const bodies: (() => unknown)[] = [async () => 1, () => 1]
    for (const body of bodies) {
      const goroutine = go(body)
      expect(() => goroutine.kill()).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPERATION' }))
      expect(await goroutine.join()).toBe(1)
    }
  })
})

describe('a goroutine that runs', () => {
  test('ends at its next operation, which touches nothing', async () => {
    const ch = chan<number>(1)
    const steps: string[] = []
    const goroutine: Goroutine<unknown> = go(function* () {
      try {
        goroutine.kill('self')
        steps.push('still here')
        yield* ch.send(1)
        steps.push('went on')
      } finally {
        steps.push('finally')
      }
    })
    await expectKilled(goroutine, 'self')
    expect(steps).toEqual(['still here', 'finally'])
    expect(ch.length).toBe(0)
  })

  const operations: Record<string, (ch: Chan<number>) => Iterable<unknown>> = {
    send: (ch) => ch.send(1),
    sendMany: (ch) => ch.sendMany([1]),
    receive: (ch) => ch.receive(),
    next: (ch) => ch.next(),
    receiveMany: (ch) => ch.receiveMany(),
    'select that sends': (ch) => select({ sent: sending(ch, 1) }),
    'select that receives': (ch) => select({ ch }),
    gosched: () => gosched(),
    wait: () => wait(Promise.resolve()),
  }
  for (const [name, operation] of Object.entries(operations)) {
    test(`ends at a ${name} that could finish at once, and does not do it`, async () => {
      const ch = chan<number>(2)
      ch.trySend(0)
      const goroutine: Goroutine<unknown> = go(function* () {
        goroutine.kill()
        yield* operation(ch) as Body<unknown>
        expect.unreachable()
      })
      await expectKilled(goroutine)
      expect(ch.length).toBe(1)
      expectNoWaiters(ch)
    })
  }

  test('is killed all the same when it ends without another operation', async () => {
    const goroutine: Goroutine<unknown> = go(function* () {
      goroutine.kill()
      return 1
    })
    await expectKilled(goroutine)
  })

  test('is killed while it is runnable, having given way', async () => {
    let steps = 0
    const goroutine = go(function* () {
      for (;;) {
        yield* gosched()
        steps++
      }
    })
    for (let i = 0; i < 5; i++) await gosched()
    goroutine.kill()
    await expectKilled(goroutine)
    const after = steps
    await idle()
    expect(steps).toBe(after)
  })
})

describe('a wait that is over already', () => {
  test('is delivered first: a value that was taken is not lost', async () => {
    const ch = chan<number>()
    let got: unknown
    const goroutine = go(function* () {
      got = yield* ch.receive()
      yield* ch.receive()
      expect.unreachable()
    })
    await idle()
    expect(ch.trySend(1)).toBe(true)
    goroutine.kill()
    await expectKilled(goroutine)
    expect(got).toBe(1)
    expectNoWaiters(ch)
  })

  test('is delivered first also when it failed', async () => {
    const ch = chan<number>()
    let caught: unknown
    const goroutine = go(function* () {
      try {
        yield* ch.send(1)
      } catch (error) {
        caught = error
        yield* ch.receive()
        expect.unreachable()
      }
    })
    await idle()
    ch.close()
    goroutine.kill()
    await expectKilled(goroutine)
    expect(caught).toMatchObject({ code: 'ERR_SEND_CLOSED' })
  })
})

describe('kill', () => {
  test('twice is once', async () => {
    const goroutine = go(function* () {
      yield* chan<never>().receive()
    })
    await idle()
    goroutine.kill('first')
    goroutine.kill('second')
    await expectKilled(goroutine, 'first')
  })

  test('of an ended goroutine does nothing', async () => {
    const goroutine = go(function* () {
      return 1
    })
    expect(await goroutine.join()).toBe(1)
    goroutine.kill()
    expect(await goroutine.join()).toBe(1)
  })

  test('of an async goroutine throws, and it goes on', async () => {
    const ch = chan<number>()
    const goroutine = go(async () => ch.receive())
    await idle()
    expect(() => goroutine.kill()).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPERATION' }))
    await ch.send(1)
    expect(await goroutine.join()).toBe(1)
  })

  test('is no panic: nobody has to join', async () => {
    const goroutine = go(function* () {
      yield* chan<never>().receive()
    })
    await idle()
    goroutine.kill()
    await idle()
  })

  test('reaches everybody who joins, in both styles', async () => {
    const goroutine = go(function* () {
      yield* chan<never>().receive()
    })
    const joiners = [
      go(function* () {
        yield* goroutine.join()
      }),
      go(async () => goroutine.join()),
    ].map((joiner) => new Outcome(joiner.join()))
    await idle()
    goroutine.kill()
    await idle()
    for (const { error } of joiners) expect(error).toBeInstanceOf(KilledError)
  })

  test('leaves no count behind', async () => {
    const goroutines = Array.from({ length: 10 }, () =>
      go(function* () {
        yield* chan<never>().receive()
      }),
    )
    await idle()
    for (const goroutine of goroutines) goroutine.kill()
    await idle()
    expect([scheduler.killsPending, scheduler.current]).toEqual([0, null])
  })

  test('of a batch that waits leaves its first values sent, and sends no more', async () => {
    for (const values of [[1, 2, 3], [1, 2, 3].values()]) {
      const ch = chan<number>()
      const goroutine = go(function* () {
        yield* ch.sendMany(values)
      })
      await idle()
      expect(ch.tryReceive()?.value).toBe(1)
      await idle()
      goroutine.kill()
      await idle()
      expect(ch.tryReceive()).toBeUndefined()
      await expectKilled(goroutine)
    }
  })

  test('between two values of an iterable that is read on', async () => {
    const ch = chan<number>()
    let closed = 0
    const values = (function* () {
      try {
        yield* [1, 2, 3]
      } finally {
        closed++
      }
    })()
    const goroutine = go(function* () {
      yield* ch.sendMany(values)
    })
    await idle()
    // The iterable is read on in a turn of its own: this is before it.
    expect(ch.tryReceive()?.value).toBe(1)
    goroutine.kill()
    await expectKilled(goroutine)
    expect([ch.tryReceive(), closed]).toEqual([undefined, 1])
  })
})
