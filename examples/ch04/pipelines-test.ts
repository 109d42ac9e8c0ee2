// What types cost: a pipeline of `unknown` needs a stage that looks at each value while it runs; in one with types the compiler
// has done that. Concurrency in Go, chapter 4. Measure with plain `node`: `warren run` also notes where each wait is.
import { run } from 'warren'
import { map, reduce, repeat, take } from 'warren/pipeline'
import { bench } from '../bench.ts'
import { isMain } from '../is-main.ts'

const count = 200_000

async function generic(count: number): Promise<void> {
  const values = take(repeat<unknown>('a'), count)
  const strings = map(values, (value) => {
    if (typeof value !== 'string') throw new TypeError(`${value} is no string`)
    return value
  })
  await reduce(strings, (length, text) => length + text.length, 0)
}

async function typed(count: number): Promise<void> {
  const strings = take(repeat('a'), count)
  await reduce(strings, (length, text) => length + text.length, 0)
}

export async function main(): Promise<void> {
  await bench('generic', count, generic)
  await bench('typed', count, typed)
}

if (isMain(import.meta)) await run(main)
