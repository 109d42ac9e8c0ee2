// Chunking: a device that takes a millisecond for each write, however much is written. Collecting what is to be written first is
// what makes this queue worth it. Concurrency in Go, chapter 4.
import { run, sleep } from 'warren'
import { batch, forEach, repeat, take } from 'warren/pipeline'
import { bench } from '../../bench.ts'
import { isMain } from '../../is-main.ts'

const write = (_bytes: readonly number[]): Promise<void> => sleep(1)

async function unbuffered(count: number): Promise<void> {
  await forEach(take(repeat(0x61), count), (byte) => write([byte]))
}

async function buffered(count: number): Promise<void> {
  await forEach(batch(take(repeat(0x61), count), { size: 4096 }), write)
}

export async function main(): Promise<void> {
  await bench('unbuffered write', 1024, unbuffered)
  await bench('buffered write', 1024 * 1024, buffered)
}

if (isMain(import.meta)) await run(main)
