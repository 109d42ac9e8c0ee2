// Broadcast: one click of a button wakes everybody who waits for it. Concurrency in Go, chapter 3.
import { Cond, Mutex, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

const button = { clicked: new Cond(new Mutex()) }

/** Returns when the handler is waiting for the click. */
async function subscribe(clicked: Cond, handled: WaitGroup, handler: () => void): Promise<void> {
  const waiting = new WaitGroup()
  waiting.add(1)
  handled.go(async function subscriber() {
    using _ = await clicked.locker.lock()
    waiting.done()
    await clicked.wait()
    handler()
  })
  await waiting.wait()
}

export async function main(): Promise<void> {
  const handled = new WaitGroup()
  await subscribe(button.clicked, handled, () => console.log('Maximizing the window.'))
  await subscribe(button.clicked, handled, () => console.log('Showing a dialog box.'))
  await subscribe(button.clicked, handled, () => console.log('Counting the click.'))

  button.clicked.broadcast()
  await handled.wait()
}

if (isMain(import.meta)) await run(main)
