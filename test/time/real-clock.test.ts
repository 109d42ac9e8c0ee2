// The real clock over a host that a test moves: when it keeps the program alive, and how it arms its one timer.
import { describe, expect, test } from 'vitest'
import { RealClock } from '../../src/runtime/clock.ts'
import type { Host } from '../../src/runtime/host.ts'
import { TimerEntry } from '../../src/runtime/timer-heap.ts'
import { FakeHost } from '../support/fake-host.ts'

function setUp() {
  const host = new FakeHost()
  const clock = new RealClock(host as unknown as Host)
  const fired: string[] = []
  const entry = (name: string, due: number): TimerEntry => {
    const made = new TimerEntry(() => void fired.push(name))
    made.due = due
    return made
  }
  return { host, clock, fired, entry }
}

describe('the host timer', () => {
  test('is one, for the earliest entry', () => {
    const { host, clock, fired, entry } = setUp()
    for (const due of [30, 10, 20]) clock.start(entry(String(due), due))
    expect(host.timers.map(({ due }) => due)).toEqual([10])
    host.moveTo(25)
    expect(fired).toEqual(['10', '20'])
    expect(host.timers.map(({ due }) => due)).toEqual([30])
    host.moveTo(100)
    expect([fired.length, host.timers.length]).toEqual([3, 0])
  })

  test('is armed again for a delay that no host takes', () => {
    const { host, clock, fired, entry } = setUp()
    const far = 3 * 2 ** 31
    clock.start(entry('far', far))
    expect(host.timers[0]?.due).toBe(2 ** 31 - 1)
    host.moveTo(far - 1)
    expect(fired).toEqual([])
    host.moveTo(far)
    expect(fired).toEqual(['far'])
  })

  test('that comes too early finds nothing, and is armed again', () => {
    const { host, clock, fired, entry } = setUp()
    const early = entry('early', 5)
    clock.start(early)
    clock.start(entry('late', 50))
    expect([clock.stop(early), clock.stop(early)]).toEqual([true, false])
    host.moveTo(49)
    expect(fired).toEqual([])
    host.moveTo(50)
    expect(fired).toEqual(['late'])
  })

  test('entries that are due at once fire in the order in which they were started', () => {
    const { host, clock, fired, entry } = setUp()
    for (const name of ['a', 'b', 'c']) clock.start(entry(name, 5))
    host.moveTo(5)
    expect(fired).toEqual(['a', 'b', 'c'])
  })
})

describe('the program is kept alive', () => {
  test('while some entry is both started and waited for', () => {
    const { host, clock, entry } = setUp()
    const [one, other] = [entry('one', 10), entry('other', 20)]
    clock.start(one)
    clock.start(other)
    expect(host.isAlive).toBe(false)
    clock.retain(other)
    clock.retain(other)
    expect(host.isAlive).toBe(true)
    host.moveTo(15)
    expect(host.isAlive).toBe(true)
    clock.release(other)
    expect(host.isAlive).toBe(true)
    clock.release(other)
    expect(host.isAlive).toBe(false)
    clock.retain(other)
    clock.stop(other)
    expect(host.isAlive).toBe(false)
    clock.start(other)
    expect(host.isAlive).toBe(true)
    host.moveTo(20)
    expect(host.isAlive).toBe(false)
  })

  test('not by waits that were abandoned, but by those that come later', () => {
    const { host, clock, entry } = setUp()
    const shared = entry('shared', 100)
    clock.start(shared)
    clock.retain(shared)
    clock.abandonWaits()
    expect(host.isAlive).toBe(false)
    clock.retain(shared)
    expect(host.isAlive).toBe(true)
    // Which of the two leaves cannot be told: the abandoned one goes first.
    clock.release(shared)
    expect(host.isAlive).toBe(true)
    clock.release(shared)
    expect(host.isAlive).toBe(false)
    expect([shared.waits, shared.abandonedWaits]).toEqual([0, 0])
  })

  test('not by waits that follow from an abandoned one, however short they are', () => {
    const { host, clock, fired } = setUp()
    const again = new TimerEntry(() => {
      fired.push('again')
      clock.release(again)
      again.due += 0.01
      clock.retain(again)
      clock.start(again)
    })
    again.due = 10
    clock.retain(again)
    clock.start(again)
    clock.abandonWaits()
    for (let time = 10; time < 20; time++) {
      host.moveTo(time)
      expect(host.isAlive, `at ${time}`).toBe(false)
      expect(host.timers.length, `at ${time}`).toBe(1)
    }
    expect(fired.length).toBeGreaterThan(3)
  })

  test('and entries of both kinds fire in their order', () => {
    const { host, clock, fired, entry } = setUp()
    for (const [name, due] of [
      ['a1', 10],
      ['a2', 10.2],
      ['a3', 10.4],
    ] as const) {
      const made = entry(name, due)
      clock.retain(made)
      clock.start(made)
    }
    clock.abandonWaits()
    for (const [name, due] of [
      ['n1', 10.1],
      ['n2', 10.3],
    ] as const) {
      const made = entry(name, due)
      clock.retain(made)
      clock.start(made)
    }
    expect(host.isAlive).toBe(true)
    host.moveTo(20)
    expect(fired).toEqual(['a1', 'n1', 'a2', 'n2', 'a3'])
    expect([host.isAlive, host.timers.length]).toEqual([false, 0])
  })
})
