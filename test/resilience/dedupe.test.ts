import { describe, expect, test } from 'vitest'
import { chan, go, sleep } from 'warren'
import { collect, fromIterable, repeat, take } from 'warren/pipeline'
import { dedupe } from 'warren/resilience'
import { bubble } from 'warren/testing'

describe('dedupe', () => {
  test('lets the first of the same through, in its place', async () => {
    expect(await collect(dedupe(fromIterable([3, 1, 3, 2, 1, 3]), { windowMs: 1000 }))).toEqual([3, 1, 2])
  })

  test('compares by a key, and keeps the message that came first', async () => {
    const messages = [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
      { id: 'a', n: 3 },
    ]
    const once = dedupe(fromIterable(messages), { key: ({ id }) => id, windowMs: 1000 })
    expect(await collect(once)).toEqual(messages.slice(0, 2))
  })

  test('undefined, null and NaN are keys like others', async () => {
    const values = [undefined, Number.NaN, null, undefined, Number.NaN, null]
    expect(await collect(dedupe(fromIterable(values), { windowMs: 1000 }))).toEqual([undefined, Number.NaN, null])
  })

  test(
    'remembers a key for the window, counted from when it was first seen',
    bubble(async () => {
      const ch = chan<string>()
      go(async () => {
        for (const pauseMs of [0, 60, 39, 1, 99, 1]) {
          await sleep(pauseMs)
          await ch.send('ping')
        }
        ch.close()
      })
      const start = Date.now()
      const seen: number[] = []
      for await (const _ of dedupe(ch, { windowMs: 100 })) seen.push(Date.now() - start)
      expect(seen).toEqual([0, 100, 200])
    }),
  )

  test('with maxKeys the oldest key is forgotten for a new one', async () => {
    const values = [1, 2, 1, 3, 1, 2]
    expect(await collect(dedupe(fromIterable(values), { windowMs: Infinity, maxKeys: 2 }))).toEqual([1, 2, 3, 1, 2])
  })

  test('an endless sender of the same leaves others their turn', async () => {
    const rest = dedupe(repeat('same'), { windowMs: Infinity })
    expect(await collect(take(rest, 1))).toEqual(['same'])
  })

  test('wrong arguments are told at the call', () => {
    const ch = fromIterable([1])
    const call = (options: unknown) => () => dedupe(ch, options as { windowMs: number })
    expect(call(undefined)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    expect(call({})).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    expect(call({ windowMs: 0 })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    expect(call({ windowMs: 5, maxKeys: 0 })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    expect(call({ windowMs: 5, key: 'id' })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    expect(() => dedupe(null as never, { windowMs: 5 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
  })
})
