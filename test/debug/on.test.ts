import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Cond, chan, type Goroutine, go, gosched, Mutex } from 'warren'
import { type Events, on } from 'warren/debug'
import type { Hooks } from '../../src/runtime/events.ts'
import { scheduler } from '../../src/runtime/runtime.ts'

function subscribe(events: Partial<Events>): Disposable {
  const subscription = on(events)
  onTestFinished(() => subscription[Symbol.dispose]())
  return subscription
}

function log(): { readonly lines: string[]; readonly events: Events } {
  const lines: string[] = []
  return {
    lines,
    events: {
      go: (goroutine) => void lines.push(`go ${goroutine.name}`),
      start: (goroutine) => void lines.push(`start ${goroutine.name}`),
      park: (goroutine, reason) => void lines.push(`park ${goroutine?.name} ${reason}`),
      ready: (goroutine, by) => void lines.push(`ready ${goroutine?.name} by ${by?.name}`),
      end: (goroutine, error) => void lines.push(`end ${goroutine.name} ${error}`),
      operation: (kind, _primitive, by) => void lines.push(`${kind} by ${by?.name}`),
    },
  }
}

async function ended(...goroutines: Goroutine<unknown>[]): Promise<void> {
  for (const goroutine of goroutines) await goroutine.join().catch(() => {})
}

describe('on()', () => {
  test('tells what goroutines do, in order', async () => {
    const { lines, events } = log()
    const ch = chan<number>()
    subscribe(events)
    const receiver = go(function* receiver() {
      yield* ch.receive()
      throw new Error('over')
    })
    const sender = go(function* sender() {
      yield* ch.send(1)
      ch.close()
    })
    await ended(receiver, sender)
    expect(lines.filter((line) => /receiver|sender/.test(line))).toEqual([
      'go receiver',
      'go sender',
      'start receiver',
      'park receiver chan receive',
      'start sender',
      'ready receiver by sender',
      'send by sender',
      'close by sender',
      'end sender undefined',
      'end receiver Error: over',
    ])
  })

  test('tells of signals, also of those that nobody waits for', async () => {
    const kinds: string[] = []
    const cond = new Cond(new Mutex())
    subscribe({ operation: (kind, primitive) => void (primitive === cond && kinds.push(kind)) })
    cond.signal()
    cond.broadcast()
    expect(kinds).toEqual(['signal', 'broadcast'])
  })

  test('tells the parent of a goroutine, and the channel of an operation', async () => {
    const parents: (number | undefined)[] = []
    const primitives: object[] = []
    subscribe({
      go: (_goroutine, parent) => void parents.push(parent?.id),
      operation: (_kind, primitive) => void primitives.push(primitive),
    })
    const ch = chan<number>(1)
    const parent = go(function* () {
      ch.trySend(1)
      return yield* go(function* () {}).join()
    })
    await ended(parent)
    expect(parents.at(-1)).toBe(parent.id)
    expect(primitives).toEqual([ch])
  })

  test('serves several subscribers, each until it is disposed of', async () => {
    const [first, second] = [vi.fn(), vi.fn()]
    const a = subscribe({ start: first })
    const b = subscribe({ start: second })
    await ended(go(() => {}))
    a[Symbol.dispose]()
    a[Symbol.dispose]()
    await ended(go(() => {}))
    b[Symbol.dispose]()
    await ended(go(() => {}))
    expect(first).toHaveBeenCalledTimes(1)
    expect(second).toHaveBeenCalledTimes(2)
  })

  test('leaves nothing in the runtime when nobody listens any more', () => {
    const a = on({})
    const b = on({})
    a[Symbol.dispose]()
    expect(scheduler.hooks).not.toBeNull()
    b[Symbol.dispose]()
    expect(scheduler.hooks).toBeNull()
  })

  test('lets hooks that were there before go on', async () => {
    const starts: string[] = []
    const ignore = (): void => {}
    const earlier: Hooks = {
      go: ignore,
      start: (record) => void starts.push(record.name),
      park: ignore,
      ready: ignore,
      end: ignore,
      operation: ignore,
    }
    scheduler.hooks = earlier
    const subscription = on({ start: ({ name }) => void starts.push(`also ${name}`) })
    await ended(go(function work() {}))
    subscription[Symbol.dispose]()
    expect(scheduler.hooks).toBe(earlier)
    scheduler.hooks = null
    expect(starts).toEqual(['work', 'also work'])
  })

  test('reports nothing of what a handler does itself', async () => {
    const inner = chan<number>(10)
    const seen: object[] = []
    subscribe({
      operation: (_kind, primitive) => {
        seen.push(primitive)
        inner.trySend(seen.length)
      },
    })
    const ch = chan<number>(2)
    ch.trySend(1)
    ch.trySend(2)
    expect(seen).toEqual([ch, ch])
    expect(inner.length).toBe(2)
  })

  test('takes out a handler that throws, and harms neither the goroutine nor the other handlers', async () => {
    const errors: unknown[] = []
    const macrotask = vi.spyOn(scheduler.host, 'macrotask').mockImplementation((fn) => {
      try {
        fn()
      } catch (error) {
        errors.push(error)
      }
    })
    const healthy = vi.fn()
    const failing = vi.fn(() => {
      throw new Error('a bad handler')
    })
    subscribe({ operation: failing })
    subscribe({ operation: healthy })
    const ch = chan<number>(3)
    ch.trySend(1)
    ch.trySend(2)
    macrotask.mockRestore()
    expect(failing).toHaveBeenCalledTimes(1)
    expect(healthy).toHaveBeenCalledTimes(2)
    expect(errors).toEqual([new Error('a bad handler')])
    expect(ch.length).toBe(2)
    const values = go(function* () {
      return [yield* ch.receive(), yield* ch.receive()]
    })
    expect(await values.join()).toEqual([1, 2])
  })

  test('calls methods of an object as such', async () => {
    class Counter implements Partial<Events> {
      count = 0
      start(): void {
        this.count++
      }
    }
    const counter = new Counter()
    subscribe(counter)
    await ended(go(() => {}))
    expect(counter.count).toBe(1)
  })

  test.each([null, undefined, 1, 'park'])('refuses %s for an object of handlers', (events) => {
    expect(() => on(events as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  })

  test('refuses a handler that is no function', async () => {
    expect(() => on({ park: 1 as never })).toThrow('events.park must be a function, not 1')
    await gosched()
    expect(scheduler.hooks).toBeNull()
  })
})
