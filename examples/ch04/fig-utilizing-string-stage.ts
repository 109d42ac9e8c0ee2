// A typed stage: values of any type in, strings out, and an error for what is none. Where the types are known beforehand no
// such stage is needed: those of the library's stages follow the values. Concurrency in Go, chapter 4.
import { type ReceiveChan, run } from 'warren'
import { map, reduce, repeat, take } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

const toStrings = (values: ReceiveChan<unknown>): ReceiveChan<string> =>
  map(values, (value) => {
    if (typeof value === 'string') return value
    throw new TypeError(`${value} is no string`)
  })

const join = (words: ReceiveChan<string>): PromiseLike<string> => reduce(words, (text, word) => text + word, '')

export async function main(): Promise<void> {
  const words: ReceiveChan<unknown> = repeat<unknown>('I', 'am.')
  console.log(`message: ${await join(toStrings(take(words, 5)))}...`)

  console.log(`message: ${await join(take(repeat('I', 'am.'), 5))}...`)
}

if (isMain(import.meta)) await run(main)
