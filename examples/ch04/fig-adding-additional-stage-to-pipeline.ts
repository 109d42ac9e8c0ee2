// One stage more: nothing of the others changes, since each stage gives what it takes. Concurrency in Go, chapter 4; compare
// fig-functional-pipeline-combination.ts.
import { run } from 'warren'
import { isMain } from '../is-main.ts'

const multiply = (values: readonly number[], multiplier: number): number[] => values.map((n) => n * multiplier)
const add = (values: readonly number[], addend: number): number[] => values.map((n) => n + addend)

export async function main(): Promise<void> {
  for (const n of multiply(add(multiply([1, 2, 3, 4], 2), 1), 2)) console.log(n)
}

if (isMain(import.meta)) await run(main)
