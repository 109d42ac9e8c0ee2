// The tee-channel: each value goes to two readers. By hand it is sent to whichever is ready first, and then to the other: a case
// that is null is switched off. With the library it is `tee`. Concurrency in Go, chapter 4 (not one of the book's files).
import { type Context, chan, go, type ReceiveChan, run, type SendCase, select, sending, withCancel } from 'warren'
import { fromIterable, tee } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

function teeByHand<T>(input: ReceiveChan<T>, ctx: Context): [ReceiveChan<T>, ReceiveChan<T>] {
  const out1 = chan<T>()
  const out2 = chan<T>()
  go(async function copy() {
    try {
      for await (const value of input) {
        let first: SendCase | null = sending(out1, value)
        let second: SendCase | null = sending(out2, value)
        while (first !== null || second !== null) {
          const sent = await select({ first, second }, { ctx })
          if (sent.case === 'first') first = null
          else second = null
        }
      }
    } finally {
      out1.close()
      out2.close()
    }
  })
  return [out1, out2]
}

async function printBoth([left, right]: [ReceiveChan<number>, ReceiveChan<number>]): Promise<void> {
  for await (const n of left) console.log(`left: ${n}, right: ${await right.receive()}`)
}

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  await printBoth(teeByHand(fromIterable([1, 2, 1, 2]), ctx))
  await printBoth(tee(fromIterable([1, 2, 1, 2])))
}

if (isMain(import.meta)) await run(main)
