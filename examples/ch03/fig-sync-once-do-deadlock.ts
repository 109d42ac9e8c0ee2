// Two initializations, each of which needs the other to have finished: a deadlock, and the report says who waits for whom.
// Concurrency in Go, chapter 3.
import { Once, run } from 'warren'
import { isMain } from '../is-main.ts'

const onceA = new Once()
const onceB = new Once()

async function initA(): Promise<void> {
  await onceB.do(initB)
}

async function initB(): Promise<void> {
  await onceA.do(initA)
}

export async function main(): Promise<void> {
  await onceA.do(initA)
}

if (isMain(import.meta)) await run(main)
