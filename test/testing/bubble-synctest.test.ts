// Go's own tests of bubbles, in our words: internal/synctest/synctest_test.go and testing/synctest/example_test.go of Go
// 1.25. Not here: what is about the race detector, reflect, weak pointers and the testing package, and the panics at
// channels, timers and wait groups that move between bubbles, which Go forbids and this package does not.
import { describe, expect, test } from 'vitest'
import { afterFunc, chan, go, gosched, select, sleep, Timer } from 'warren'
import { bubble } from 'warren/testing'

const midnight = Date.UTC(2000, 0, 1)

describe('time', () => {
  // TestNow (both), TestTime
  test(
    'starts at midnight UTC, 1 January 2000, for every goroutine, and advances by what is slept',
    bubble(async (t) => {
      expect(Date.now()).toBe(midnight)
      expect(t.now()).toBe(0)
      go(() => expect(Date.now()).toBe(midnight))
      go(function* () {
        expect(Date.now()).toBe(midnight)
        yield* sleep(0.25)
        expect(t.now()).toBe(0.25)
      })
      await sleep(1000)
      expect(Date.now()).toBe(midnight + 1000)
    }),
  )

  // TestMonotonicClock
  test('can be slept through until today', () => {
    const today = Date.now()
    return bubble(async () => {
      await sleep(today - Date.now())
      expect(Date.now()).toBe(today)
    })()
  })

  test(
    'wakes sleepers in the order of their times, equal ones in the order of their calls',
    bubble(async (t) => {
      const order: string[] = []
      for (const ms of [30, 10, 20, 10]) {
        go(async () => {
          await sleep(ms)
          order.push(`${ms} at ${t.now()}`)
        })
      }
      await sleep(40)
      expect(order).toEqual(['10 at 10', '10 at 10', '20 at 20', '30 at 30'])
    }),
  )
})

// TestRunEmpty, TestSuccess
test('a bubble may be empty', () => bubble(() => {})())

describe('wait', () => {
  // TestSimpleWait
  test(
    'returns at once when there is nobody else',
    bubble((t) => t.wait()),
  )

  // TestGoroutineWait, TestWait (example)
  test(
    'returns when the others have ended',
    bubble(async (t) => {
      let isDone = false
      go(() => {
        isDone = true
      })
      await t.wait()
      expect(isDone).toBe(true)
    }),
  )

  // TestWait, TestMallocs
  test(
    'sees the end of a chain of a hundred goroutines, each started by the one before',
    bubble(function* (t) {
      let isDone = false
      const ch = chan<number>()
      function* link() {
        const count = (yield* ch.receive())!
        if (count === 0) isDone = true
        else {
          go(link)
          yield* ch.send(count - 1)
        }
      }
      go(link)
      yield* ch.send(100)
      yield* t.wait()
      expect(isDone).toBe(true)
    }),
  )

  // TestHappensBefore
  test('comes after all that others do before they end or block, timers that are due included', async () => {
    let v = 0
    await bubble(async (t) => {
      go(() => v++)
      await t.wait()
      expect(v).toBe(1)
      const gate = chan()
      const step = async () => {
        v++
        await gate.receive()
      }
      go(step)
      await t.wait()
      expect(v).toBe(2)
      afterFunc(0, () => v++)
      await t.wait()
      expect(v).toBe(3)
      afterFunc(0, step)
      await t.wait()
      expect(v).toBe(4)
      gate.close()
    })()
    await bubble(() => {
      go(() => {
        go(() => v++)
      })
    })()
    expect(v).toBe(5)
  })

  test(
    'does not let time pass',
    bubble(async (t) => {
      let isDone = false
      go(async () => {
        await sleep(1)
        isDone = true
      })
      await t.wait()
      expect([isDone, t.now()]).toEqual([false, 0])
      await sleep(1)
      await t.wait()
      expect([isDone, t.now()]).toEqual([true, 1])
    }),
  )

  // runtime/synctest.go: "wait already in progress"
  test(
    'is for one at a time',
    bubble(async (t) => {
      const first = t.wait()
      await expect(t.wait()).rejects.toMatchObject({
        code: 'ERR_INVALID_OPERATION',
        message: 'wait already in progress',
      })
      await first
      await t.wait()
    }),
  )

  // runtime/synctest.go: "goroutine is not in a bubble"
  test('is for goroutines of its bubble', async () => {
    const out = chan<{ wait(): Promise<void> }>(1)
    const hold = chan()
    const running = bubble(async (t) => {
      await out.send(t)
      await sleep(1)
      hold.close()
    })()
    const t = (await out.receive())!
    await expect(t.wait()).rejects.toMatchObject({ code: 'ERR_INVALID_OPERATION' })
    await running
    await expect(t.wait()).rejects.toMatchObject({ code: 'ERR_INVALID_OPERATION' })
  })
})

describe('a timer', () => {
  // TestTimerReadBeforeDeadline, TestTimerReadAfterDeadline, TestTimerRanInPast
  test(
    'delivers the time at which it fired, however late it is read',
    bubble(async (t) => {
      await new Timer(5000).c.receive()
      expect(t.now()).toBe(5000)
      const timer = new Timer(1000)
      await sleep(2000)
      expect(timer.c.tryReceive()?.value).toEqual(new Date(midnight + 6000))
    }),
  )

  // TestTimerReset
  test(
    'can be reset after it has fired, and before',
    bubble(async (t) => {
      const timer = new Timer(1000)
      await timer.c.receive()
      timer.reset(2000)
      expect(await timer.c.receive()).toEqual(new Date(midnight + 3000))
      timer.reset(3000)
      await sleep(1000)
      timer.reset(3000)
      await timer.c.receive()
      expect(t.now()).toBe(7000)
      expect(timer.stop()).toBe(false)
    }),
  )

  // TestTimeAfter
  test(
    'calls a function in the bubble, and so what that starts',
    bubble(async () => {
      let i = 0
      afterFunc(1000, () => {
        i++
        go(async () => {
          await sleep(1000)
          i++
        })
      })
      await sleep(3000)
      expect(i).toBe(2)
    }),
  )

  // TestTimerAfterBubbleExit
  test('does not fire once the body has returned', async () => {
    let hasRun = false
    await bubble(() => {
      afterFunc(1000, () => {
        hasRun = true
      })
    })()
    expect(hasRun).toBe(false)
  })

  // TestTimerRunsImmediately, TestAfterFuncRunsImmediately
  test(
    'of no duration has fired already',
    bubble(async () => {
      expect(new Timer(0).c.tryReceive()?.value).toEqual(new Date())
      let hasRun = false
      afterFunc(0, () => {
        hasRun = true
      })
      while (!hasRun) await gosched()
    }),
  )

  // TestTimerNondeterminism
  test(
    'has no advantage in a select over one that is due at the same time',
    bubble(async () => {
      const seen = new Set<string>()
      for (let i = 0; i < 1000 && seen.size < 2; i++) {
        const both = { one: new Timer(1).c, two: new Timer(1).c }
        await sleep(2)
        seen.add((await select(both)).case)
      }
      expect(seen.size).toBe(2)
    }),
  )

  // TestTimerFromInsideBubble, where Go panics: here it stands still
  test('of a bubble that has ended never fires, and may be stopped or reset outside', async () => {
    let timer!: Timer
    await bubble(() => {
      timer = new Timer(1000)
    })()
    expect(timer.c.tryReceive()).toBeUndefined()
    expect(timer.stop()).toBe(true)
    timer.reset(0)
    expect(timer.c.tryReceive()?.ok).toBe(true)
  })
})
