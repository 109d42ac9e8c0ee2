// Waiting until goroutines have ended, or never will. In the host's time, so that faked timers do not stop it; but in a
// bubble in the bubble's time: a timer of the host would hold that up, and nobody there could go on.
import type { Leak } from '../debug/leaks.ts'
import { proveLeaks } from '../runtime/prove-leaks.ts'
import { scheduler } from '../runtime/runtime.ts'
import { sleep } from '../time/sleep.ts'

/** How late it may be noticed that the last one has ended. In a bubble, where waiting is free and looking is not, up to as long again. */
const maxPauseMs = 20
/** From then on garbage is collected each time that twice the time has passed. */
const firstProofMs = 5
/** So long a wait that may never be over keeps the program alive; then only what it waits for does. */
const keepAliveMs = 1000

/** Waits until `left` gives none, or only proven leaks, but no longer than `timeoutMs`; returns what is left then. */
export async function settle(left: () => Leak[], timeoutMs: number): Promise<Leak[]> {
  const start = now()
  const longest = scheduler.world() === null ? maxPauseMs : Number.POSITIVE_INFINITY
  await new Promise<void>((resolve) => scheduler.host.macrotask(resolve))
  let nextProof = firstProofMs
  for (let pauseMs = 1; left().some(({ proven }) => !proven); pauseMs = Math.min(2 * pauseMs, longest)) {
    const passed = now() - start
    if (passed >= nextProof || passed >= timeoutMs) {
      await proveLeaks(scheduler)
      nextProof = 2 * Math.max(nextProof, now() - start)
    }
    if (passed >= timeoutMs) break
    await pause(Math.min(pauseMs, timeoutMs - passed))
  }
  return left()
}

/** Waits until `ended` settles, or `isStuck` says that it never will. */
export async function endOrProof(ended: PromiseLike<unknown>, isStuck: () => boolean): Promise<void> {
  let hasEnded = false
  const end = (): void => {
    hasEnded = true
  }
  const settled = Promise.resolve(ended).then(end, end)
  for (let delayMs = firstProofMs; !hasEnded; delayMs *= 2) {
    // A bubble knows by itself when nothing can go on, unless a timer of ours would.
    if (scheduler.world() !== null && delayMs > keepAliveMs) return settled
    const pausing = startPause(delayMs, delayMs < keepAliveMs)
    await Promise.race([settled, pausing.over])
    pausing.cancel()
    if (hasEnded) return
    await proveLeaks(scheduler)
    if (isStuck()) return
  }
}

function now(): number {
  return scheduler.world() === null ? scheduler.host.now() : scheduler.clock.now()
}

function pause(delayMs: number): Promise<void> {
  return startPause(delayMs, true).over
}

function startPause(delayMs: number, keepsAlive: boolean): { readonly over: Promise<void>; cancel(): void } {
  if (scheduler.world() !== null) {
    const controller = new AbortController()
    return { over: sleep(delayMs, controller.signal).catch(() => {}), cancel: () => controller.abort() }
  }
  let cancel = (): void => {}
  const over = new Promise<void>((resolve) => {
    const timer = scheduler.host.startTimer(resolve, delayMs)
    timer.keepAlive(keepsAlive)
    cancel = () => timer.cancel()
  })
  return { over, cancel }
}
