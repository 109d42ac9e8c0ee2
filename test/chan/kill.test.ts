// Killing a goroutine: in each operation, before it starts, while it runs, and when its wait is over already.

import { describe, expect, test } from 'vitest'
import { type Chan, chan, type Goroutine, go, gosched, KilledError, select, sending, wait } from 'warren'
import { scheduler } from '../../src/runtime/runtime.ts'
import { receiveForms, sendForms } from '../support/forms.ts'
import { expectNoWaiters } from '../support/kinds.ts'
import { type Body, idle, Outcome } from '../support/styles.ts'

async function expectKilled(goroutine: Goroutine, reason?: unknown): Promise<void> {
  const error: unknown = await goroutine.join().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(KilledError)
  expect(error).toMatchObject({ code: 'ERR_KILLED', message: `goroutine ${goroutine.id} was killed` })
  expect((error as Error).cause).toBe(reason)
}

interface Blocked {
  readonly channels: readonly Chan<number>[]
  body(): Body<unknown>
}

const signal = new AbortController().signal

const blocked: Record<string, () => Blocked> = {}
for (const [form, receive] of Object.entries(receiveForms)) {
  for (const ctx of [undefined, signal]) {
    blocked[ctx ? `${form} under a context` : form] = () => {
      const ch = chan<number>()
      return { channels: [ch], body: () => receive(ch, ctx) }
    }
  }
}
for (const [form, send] of Object.entries(sendForms)) {
  for (const ctx of [undefined, signal]) {
    blocked[ctx ? `${form} under a context` : form] = () => {
      const ch = chan<number>()
      return { channels: [ch], body: () => send(ch, 1, ctx) }
    }
  }
}
Object.assign(blocked, {
  'a select of many cases': () => {
    const channels = Array.from({ length: 6 }, () => chan<number>())
    return {
      channels,
      *body() {
        yield* select(channels.map((ch, i) => (i % 2 === 0 ? ch : sending(ch, i))))
      },
    }
  },
  'a select without cases': () => ({
    channels: [],
    *body() {
      yield* select({})
    },
  }),
  join: () => ({
    channels: [],
    *body() {
      yield* go(async () => new Promise(() => {})).join()
    },
  }),
  'a promise': () => ({
    channels: [],
    *body() {
      yield* wait(new Promise(() => {}))
    },
  }),
  'an operation made outside': () => {
    const operation = chan<number>().receive()
    return {
      channels: [],
      *body() {
        yield* operation
      },
    }
  },
  'an operation within nested generators': () => {
    const ch = chan<number>()
    function* inner(depth: number): Body {
      if (depth === 0) yield* ch.receive()
      else yield* inner(depth - 1)
    }
    return { channels: [ch], body: () => inner(5) }
  },
} satisfies Record<string, () => Blocked>)

describe('a goroutine that is blocked', () => {
  for (const [name, make] of Object.entries(blocked)) {
    test(`in ${name} is taken out of it, and runs its finally blocks`, async () => {
      const { channels, body } = make()
      const steps: string[] = []
      const goroutine = go(function* () {
        try {
          yield* body()
          steps.push('went on')
        } catch {
          steps.push('caught')
        } finally {
          steps.push('finally')
        }
      })
      await idle()
      goroutine.kill('reason')
      // In the same step: nothing can be handed to it any more.
      expectNoWaiters(...channels)
      expect(steps).toEqual([])
      await expectKilled(goroutine, 'reason')
      expect(steps).toEqual(['finally'])
      for (const ch of channels) expect([ch.tryReceive(), ch.trySend(1)]).toEqual([undefined, false])
    })
  }
})

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

  test('is delivered first also when it was only kept back to the next turn of the event loop', async () => {
    const ch = chan<number>({ capacity: 1, overflow: 'drop-oldest' })
    let sent = 0
    const goroutine: Goroutine<unknown> = go(function* () {
      const start = performance.now()
      while (performance.now() - start < 20) {}
      // One of the next operations finds the turn's time used up.
      for (let i = 0; i < 600; i++) {
        const operation = ch.send(i)
        if (Object.isFrozen(operation)) continue
        goroutine.kill()
        yield* operation
        sent++
        yield* gosched()
        expect.unreachable()
      }
    })
    await expectKilled(goroutine)
    expect(sent).toBe(1)
  })
})

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
