// What cancellation leaves behind: who writes as he goes leaves half a result; who keeps it to himself until it is complete has
// nothing to take back. Concurrency in Go, chapter 5 (not one of the book's files).
import { type Context, run, Second, sleep, withTimeout } from 'warren'
import { isMain } from '../is-main.ts'

const parts = ['first', 'second', 'third']

async function writeAsItGoes(report: string[], ctx: Context): Promise<void> {
  for (const part of parts) {
    await sleep(1 * Second, ctx)
    report.push(part)
  }
}

async function writeAtTheEnd(report: string[], ctx: Context): Promise<void> {
  const own: string[] = []
  for (const part of parts) {
    await sleep(1 * Second, ctx)
    own.push(part)
  }
  report.push(...own)
}

export async function main(parent: Context): Promise<void> {
  for (const write of [writeAsItGoes, writeAtTheEnd]) {
    for (const timeoutMs of [2.5 * Second, 5 * Second]) {
      const report: string[] = []
      using ctx = withTimeout(parent, timeoutMs)
      const end = await write(report, ctx).then(
        () => 'complete',
        (error) => error.message,
      )
      console.log(`${write.name}: ${end}: [${report}]`)
    }
  }
}

if (isMain(import.meta)) await run(main)
