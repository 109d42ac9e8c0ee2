// A buffer of four lets the producer run ahead. Both goroutines write to one transcript with `+=`, which reads it *before* the
// await and writes it after: lines get lost. Concurrency in Go, chapter 3; racy on purpose.
import { chan, go, run, sleep } from 'warren'
import { isMain } from '../../is-main.ts'

async function line(text: string): Promise<string> {
  await sleep(0) // look up the time, the language, the user's name
  return `${text}\n`
}

export async function main(): Promise<void> {
  let transcript = ''
  const numbers = chan<number>(4)
  go(async function produce() {
    for (let i = 0; i < 5; i++) {
      transcript += await line(`Sending: ${i}`)
      await numbers.send(i)
    }
    transcript += await line('Producer Done.')
    numbers.close()
  })

  for await (const n of numbers) transcript += await line(`Received ${n}.`)
  console.log(transcript.trimEnd())
}

if (isMain(import.meta)) await run(main)
