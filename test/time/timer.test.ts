import { expect, test } from 'vitest'
import { after, chan, go, never, select, sending, sleep, Timer, trySelect, wait } from 'warren'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { attempt, on } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

inBubbles('a timer delivers the time once, and its channel stays open', function* (t, style) {
  const startTime = Date.now()
  const timer = new Timer(10)
  const received = attempt(style, function* () {
    return yield* on(timer.c.next())
  })
  yield* pass(t, 9)
  expect(received.state).toBe('pending')
  yield* pass(t, 1)
  expect(received.value).toEqual({ value: new Date(startTime + 10), done: false })
  yield* pass(t, 1000)
  expect(timer.c.tryReceive()).toBeUndefined()
})

test(
  'a timer that nobody waits on has no entry in the clock, and fires nonetheless',
  bubble(async () => {
    const timers = watchTimers()
    const startTime = Date.now()
    const timer = new Timer(10)
    expect(timers.pending).toBe(0)
    await sleep(25)
    expect(timer.c.tryReceive()).toEqual({ value: new Date(startTime + 10), ok: true })
    expect(timer.c.tryReceive()).toBeUndefined()
  }),
)

test(
  'the channel of a timer looks unbuffered, also when there is something to receive',
  bubble(async () => {
    const timer = new Timer(10)
    await sleep(10)
    expect([timer.c.length, timer.c.capacity]).toEqual([0, 0])
    const other = chan<number>(1)
    await other.send(1)
    // The select looks at both and takes one.
    await select({ other, tick: timer.c }, { order: 'listed' })
    expect([timer.c.length, timer.c.capacity]).toEqual([0, 0])
    expect(await timer.c.receiveMany()).toHaveLength(1)
    expect(timer.c.tryReceive()).toBeUndefined()
  }),
)

inBubbles('each way to receive takes the tick that is due', function* () {
  const startTime = Date.now()
  const tick = new Date(startTime + 5)
  const due = [after(5), after(5), after(5), after(5), after(5), after(5)] as const
  yield* on(sleep(7))
  expect(yield* on(due[0].receive())).toEqual(tick)
  expect(yield* on(due[1].next())).toEqual({ value: tick, done: false })
  expect(yield* on(due[2].receiveMany(3))).toEqual([tick])
  expect(due[3].tryReceive()).toEqual({ value: tick, ok: true })
  expect(yield* on(select({ due: due[4] }))).toEqual({ case: 'due', value: tick, ok: true })
  expect(trySelect({ due: due[5] })).toEqual({ case: 'due', value: tick, ok: true })
  for (const channel of due) expect(channel.tryReceive()).toBeUndefined()
})

inBubbles('each way to receive waits for the tick', function* (t, style) {
  const timers = watchTimers()
  const startTime = Date.now()
  const waits = [
    waiting(style, () => after(5).receive()),
    waiting(style, () => after(5).next()),
    waiting(style, () => after(5).receiveMany()),
    waiting(style, () => select({ due: after(5) })),
    waiting(style, () => wait(after(5)[Symbol.asyncIterator]().next())),
  ]
  yield* on(t.wait())
  expect(waits.map((each) => each.state)).toEqual(Array.from(waits, () => 'pending'))
  yield* pass(t, 5)
  const value = new Date(startTime + 5)
  expect(waits.map((each) => each.value)).toEqual([
    value,
    { value, done: false },
    [value],
    { case: 'due', value, ok: true },
    { value, done: false },
  ])
  expect(timers.pending).toBe(0)
})

inBubbles('only the first of several receivers gets the tick', function* (t, style) {
  const timer = new Timer(10)
  const first = waiting(style, () => timer.c.receive())
  yield* on(t.wait())
  const second = waiting(style, () => timer.c.receive())
  yield* pass(t, 50)
  expect([first.state, second.state]).toEqual(['done', 'pending'])
  expect(timer.reset(10)).toBe(false)
  yield* pass(t, 50)
  expect(second.state).toBe('done')
})

inBubbles('after as a timeout: the select goes on with whatever comes first', function* (t, style) {
  const ch = chan<string>()
  const picks: string[] = []
  style.go(function* () {
    for (let i = 0; i < 2; i++) picks.push((yield* on(select({ ch, timeout: after(100) }))).case)
  })
  yield* on(ch.send('in time'))
  yield* pass(t, 99)
  expect(picks).toEqual(['ch'])
  yield* pass(t, 1)
  expect(picks).toEqual(['ch', 'timeout'])
})

inBubbles('a select that is over leaves no entry in the clock', function* (_, style) {
  const timers = watchTimers()
  const ch = chan<number>()
  style.go(function* () {
    for (let i = 0; i < 100; i++) yield* on(select({ out: sending(ch, i), timeout: after(1000) }))
  })
  for (let i = 0; i < 100; i++) {
    expect(yield* on(ch.receive())).toBe(i)
    expect(timers.pending).toBeLessThanOrEqual(1)
  }
})

inBubbles('stop prevents a timer from firing, once', function* (t, style) {
  const timers = watchTimers()
  const timer = new Timer(10)
  const received = waiting(style, () => timer.c.receive(t.ctx))
  yield* on(t.wait())
  expect(timers.pending).toBe(1)
  expect([timer.stop(), timer.stop()]).toEqual([true, false])
  expect(timers.pending).toBe(0)
  yield* pass(t, 100)
  expect(received.state).toBe('pending')
})

test(
  'stop of a timer that has delivered returns false',
  bubble(async (t) => {
    const timer = new Timer(10)
    const received = timer.c.receive()
    await sleep(10)
    await t.wait()
    await received
    expect(timer.stop()).toBe(false)
  }),
)

test(
  'there is no stale value after stop: a tick that nobody received counts as prevented',
  bubble(async () => {
    const timer = new Timer(10)
    await sleep(20)
    expect(timer.stop()).toBe(true)
    expect(timer.c.tryReceive()).toBeUndefined()
  }),
)

test(
  'there is no stale value after reset',
  bubble(async () => {
    const startTime = Date.now()
    const timer = new Timer(10)
    await sleep(20)
    expect(timer.reset(10)).toBe(true)
    expect(timer.c.tryReceive()).toBeUndefined()
    await sleep(10)
    expect(timer.c.tryReceive()).toEqual({ value: new Date(startTime + 30), ok: true })
  }),
)

inBubbles('reset moves a timer that is waited for, later and earlier', function* (t, style) {
  const timers = watchTimers()
  const startTime = Date.now()
  const timer = new Timer(1000)
  const received = waiting(style, () => timer.c.receive())
  yield* on(t.wait())
  expect(timer.reset(5000)).toBe(true)
  yield* pass(t, 1000)
  expect(received.state).toBe('pending')
  expect(timer.reset(1)).toBe(true)
  yield* pass(t, 1)
  expect(received.value).toEqual(new Date(startTime + 1001))
  expect(timers.pending).toBe(0)
})

inBubbles('a stopped timer that is reset fires again', function* (t, style) {
  const timer = new Timer(10)
  timer.stop()
  const received = waiting(style, () => timer.c.receive())
  yield* on(t.wait())
  expect(timer.reset(10)).toBe(false)
  yield* pass(t, 10)
  expect(received.state).toBe('done')
})

inBubbles('a timer of zero or less is due at once', function* () {
  for (const ms of [0, -5, Number.NEGATIVE_INFINITY]) {
    expect(new Timer(ms).c.tryReceive()?.ok).toBe(true)
    expect((yield* on(after(ms).receive())) instanceof Date).toBe(true)
  }
})

test(
  'a timer of infinity never fires, and can be reset',
  bubble(async (t) => {
    const timer = new Timer(Number.POSITIVE_INFINITY)
    await sleep(1e15)
    await t.wait()
    expect(timer.c.tryReceive()).toBeUndefined()
    expect(timer.reset(1)).toBe(true)
    await sleep(1)
    await t.wait()
    expect(timer.c.tryReceive()?.ok).toBe(true)
  }),
)

test(
  'using stops the timer at the end of the scope',
  bubble(async () => {
    let outer: Timer
    {
      using timer = new Timer(10)
      outer = timer
    }
    expect(outer.stop()).toBe(false)
  }),
)

test(
  'a killed receiver leaves no entry in the clock',
  bubble(async (t) => {
    const timers = watchTimers()
    const timer = new Timer(10)
    const receiver = go(function* () {
      yield* timer.c.receive()
    })
    await t.wait()
    expect(timers.pending).toBe(1)
    receiver.kill()
    expect(timers.pending).toBe(0)
  }),
)

test(
  'the moment that is delivered is when the timer was due, not when it was received',
  bubble(async () => {
    const startTime = Date.now()
    const timer = new Timer(10)
    await sleep(500)
    expect(await timer.c.receive()).toEqual(new Date(startTime + 10))
  }),
)

test('a timer belongs to the clock that it was started on', async () => {
  const outside = watchTimers()
  const timer = new Timer(3_600_000)
  const received = timer.c.receive()
  expect(outside.pending).toBe(1)
  await bubble(async (t) => {
    const inside = watchTimers()
    expect(timer.reset(20)).toBe(true)
    expect([outside.pending, inside.pending]).toEqual([0, 1])
    await sleep(20)
    await t.wait()
    expect([outside.pending, inside.pending]).toEqual([0, 0])
  })()
  await received
})

test(
  'a duration must be a number',
  bubble(async () => {
    for (const make of [(ms: number) => new Timer(ms), after, (ms: number) => new Timer(1).reset(ms)]) {
      expect(() => make('10' as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
      expect(() => make(Number.NaN)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    }
  }),
)

test(
  'a select may have a timer and the nil channel in it',
  bubble(async (t) => {
    const picked = select({ nothing: never, timeout: after(5) })
    await sleep(5)
    await t.wait()
    expect((await picked).case).toBe('timeout')
  }),
)
