import { describe, expect } from 'vitest'
import { type Chan, chan, type ReceiveChan, type SendChan, select, sending, trySelect } from 'warren'
import { collectGarbage } from '../../support/gc.ts'
import { type Body, idle, inBothStyles, on, type Style } from '../../support/styles.ts'

type Done = ReceiveChan<never>

function* readAll<T>(ch: ReceiveChan<T>, done: Done): Body<T[]> {
  const values: T[] = []
  for (;;) {
    const picked = yield* on(select({ done, ch: ch as ReceiveChan<unknown> }))
    if (picked.case === 'done' || !picked.ok) return values
    values.push(picked.value as T)
  }
}

function merge(style: Style, first: ReceiveChan<number>, second: ReceiveChan<number>, done: Done): ReceiveChan<number> {
  const out = chan<number>()
  style.go(function* (): Body {
    let a: ReceiveChan<number> | null = first
    let b: ReceiveChan<number> | null = second
    while (a !== null || b !== null) {
      const picked = yield* on(select({ done, a, b }))
      if (picked.case === 'done') break
      if (picked.ok) yield* on(out.send(picked.value))
      else if (picked.case === 'a') a = null
      else b = null
    }
    out.close()
  })
  return out
}

function filter(
  style: Style,
  ch: ReceiveChan<number>,
  keep: (value: number) => boolean,
  done: Done,
): ReceiveChan<number> {
  const out = chan<number>()
  style.go(function* () {
    for (;;) {
      const picked = yield* on(select({ done, ch }))
      if (picked.case === 'done' || !picked.ok) break
      if (keep(picked.value)) yield* on(out.send(picked.value))
    }
    out.close()
  })
  return out
}

function sink(style: Style, done: Done): SendChan<unknown> {
  const ch = chan<unknown>()
  style.go(function* () {
    for (;;) {
      const picked = yield* on(select({ done, ch }))
      if (!picked.ok) return
    }
  })
  return ch
}

/** A value that one goroutine at a time may hold: a channel of capacity 1 with the value in it. */
class Exclusive<T> {
  readonly #ch = chan<T>(1)

  constructor(initial: T) {
    this.#ch.trySend(initial)
  }

  *acquire(): Body<T> {
    return (yield* on(this.#ch.receive())) as T
  }

  tryAcquire(): { value: T } | undefined {
    const picked = trySelect({ value: this.#ch as ReceiveChan<unknown> })
    return picked?.ok ? { value: picked.value as T } : undefined
  }

  release(value: T): void {
    if (!this.#ch.trySend(value)) throw new Error('release without acquire')
  }
}

function feed(style: Style, values: readonly number[]): ReceiveChan<number> {
  const ch = chan<number>()
  style.go(function* () {
    for (const value of values) yield* on(ch.send(value))
    ch.close()
  })
  return ch
}

// Go: test/typeparam/chans.go
describe('the generic channel package', () => {
  inBothStyles('readAll collects until the channel is closed', function* (style) {
    expect(yield* readAll(feed(style, [4, 2, 5]), chan<never>())).toEqual([4, 2, 5])
  })

  inBothStyles('readAll stops when it is told to', function* (style) {
    const done = chan<never>()
    const reader = style.go(readAll<number>, chan<number>(), done)
    yield* on(idle())
    done.close()
    expect(yield* on(reader.join())).toEqual([])
  })

  inBothStyles('merge has the values of both, each in its order, and then ends', function* (style) {
    const done = chan<never>()
    const merged = yield* readAll(merge(style, feed(style, [1, 3, 5]), feed(style, [2, 4, 6]), done), done)
    expect(merged.filter((value) => value % 2 === 1)).toEqual([1, 3, 5])
    expect(merged.filter((value) => value % 2 === 0)).toEqual([2, 4, 6])
  })

  inBothStyles('filter keeps what it is told to', function* (style) {
    const done = chan<never>()
    const even = filter(style, feed(style, [1, 2, 3]), (value) => value % 2 === 0, done)
    expect(yield* readAll(even, done)).toEqual([2])
  })

  inBothStyles('sink takes everything', function* (style) {
    const ch = sink(style, chan<never>())
    for (let i = 1; i <= 3; i++) {
      const picked = yield* on(select({ sent: sending(ch, i) }))
      expect(picked.case).toBe('sent')
    }
    ch.close()
  })

  inBothStyles('exclusive is held by one at a time', function* (style) {
    const counter = { value: 0 }
    const exclusive = new Exclusive(counter)
    function* add(): Body {
      for (let i = 0; i < 10; i++) {
        const held = yield* exclusive.acquire()
        const before = held.value
        yield* on(idle())
        held.value = before + 1
        exclusive.release(held)
      }
    }
    const both = [style.go(add), style.go(add)]
    for (const goroutine of both) yield* on(goroutine.join())
    expect(counter.value).toBe(20)
  })

  inBothStyles('exclusive cannot be acquired while it is held, nor released twice', function* (style) {
    const exclusive = new Exclusive('a')
    expect(exclusive.tryAcquire()).toEqual({ value: 'a' })
    yield* on(
      style
        .go(function* () {
          expect(exclusive.tryAcquire()).toBeUndefined()
        })
        .join(),
    )
    exclusive.release('b')
    expect(() => exclusive.release('c')).toThrow('release without acquire')
    expect(exclusive.tryAcquire()).toEqual({ value: 'b' })
  })

  inBothStyles('ranger: the sender learns that its receiver is garbage', function* (style) {
    const values: Chan<number> = chan()
    const gone = chan<never>()
    const registry = new FinalizationRegistry<Chan<never>>((ch) => ch.close())
    function* send(value: number): Body<boolean> {
      const picked = yield* on(select({ sent: sending(values, value), gone }))
      return picked.case === 'sent'
    }
    style.go(function* () {
      const receiver = { values }
      registry.register(receiver, gone)
      expect(yield* on(receiver.values.receive())).toBe(1)
    })
    expect(yield* send(1)).toBe(true)
    const second = style.go(send, 2)
    for (let i = 0; i < 20; i++) {
      collectGarbage()
      yield* on(idle())
    }
    expect(yield* on(second.join())).toBe(false)
  })
})
