import { expect, test } from 'vitest'
import { chan, go, sleep, WaitGroup } from 'warren'
import { collect, fromIterable, map, take } from 'warren/pipeline'
import { bubble } from 'warren/testing'

const slow = async (n: number): Promise<number> => {
  await sleep(10)
  return n
}

test(
  'the last value of a take reaches the reader who waits for it, and then comes the end',
  bubble(async () => {
    const numbers = take(map(fromIterable([1, 2, 3]), slow), 2)
    const seen: number[] = []
    for await (const n of numbers) seen.push(n)
    expect(seen).toEqual([1, 2])
  }),
)

test(
  'the last value of a take goes through the stages behind it, also into a buffer',
  bubble(async () => {
    const numbers = take(map(fromIterable([1, 2, 3]), slow), 2, { capacity: 2 })
    expect(await collect(map(numbers, slow))).toEqual([1, 2])
  }),
)

test(
  'of several who wait for the last value of a take one gets it, and the others see the end',
  bubble(async (t) => {
    const source = chan<string>()
    const one = take(source, 1)
    const got: (string | undefined)[] = []
    const wg = new WaitGroup()
    for (let i = 0; i < 3; i++) {
      wg.go(async () => {
        got.push(await one.receive())
      })
    }
    go(async () => {
      await t.wait()
      await source.send('last')
    })
    await wg.wait()
    expect(got).toEqual(['last', undefined, undefined])
  }),
)
