// Stream processing: the stages take one value at a time, and no array is made. The loop that feeds them is outside; generator
// functions have it inside, and can be put together again. Concurrency in Go, chapter 4.
import { run } from 'warren'
import { isMain } from '../is-main.ts'

const multiply = (value: number, multiplier: number): number => value * multiplier
const add = (value: number, addend: number): number => value + addend

function* multiplyEach(values: Iterable<number>, multiplier: number): Generator<number> {
  for (const value of values) yield value * multiplier
}

function* addToEach(values: Iterable<number>, addend: number): Generator<number> {
  for (const value of values) yield value + addend
}

export async function main(): Promise<void> {
  const ints = [1, 2, 3, 4]
  for (const n of ints) console.log(multiply(add(multiply(n, 2), 1), 2))
  for (const n of multiplyEach(addToEach(multiplyEach(ints, 2), 1), 2)) console.log(n)
}

if (isMain(import.meta)) await run(main)
