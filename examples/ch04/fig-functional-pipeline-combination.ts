// A pipeline in its first form: stages that take a batch and give one of the same type, so that they fit together in any order.
// Each makes a whole new array. Concurrency in Go, chapter 4.
import { run } from 'warren'
import { isMain } from '../is-main.ts'

const multiply = (values: readonly number[], multiplier: number): number[] => values.map((n) => n * multiplier)
const add = (values: readonly number[], addend: number): number[] => values.map((n) => n + addend)

export async function main(): Promise<void> {
  for (const n of add(multiply([1, 2, 3, 4], 2), 1)) console.log(n)
}

if (isMain(import.meta)) await run(main)
