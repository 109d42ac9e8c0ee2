// Tests in bubbles, where time is virtual: as in styles.ts and kinds.ts, with the bubble as the first argument of the body.
import { test } from 'vitest'
import { sleep } from 'warren'
import { type Bubble, bubble } from 'warren/testing'
import type { Kind } from './kinds.ts'
import { type Body, generatorStyle, on, type Style, styles } from './styles.ts'

/** A test that runs its body in a bubble, in each style. */
export function inBubbles(title: string, body: (t: Bubble, style: Style) => Body<unknown>): void {
  for (const style of styles) bubbleTest(`${title} (${style.name})`, style, (t) => body(t, style))
}

/** Every pair of styles. */
export function inBubblesOfEveryPair(
  title: string,
  body: (t: Bubble, one: Style, other: Style) => Body<unknown>,
): void {
  for (const one of styles) {
    for (const other of styles) {
      bubbleTest(`${title} (${one.name}, ${other.name})`, generatorStyle, (t) => body(t, one, other))
    }
  }
}

/** Each kind and each style. */
export function inBubblesOverKinds(
  kinds: readonly Kind[],
  title: string,
  body: (t: Bubble, kind: Kind, style: Style) => Body<unknown>,
): void {
  for (const kind of kinds) {
    for (const style of styles) bubbleTest(`${title} (${kind.name}, ${style.name})`, style, (t) => body(t, kind, style))
  }
}

function bubbleTest(title: string, style: Style, body: (t: Bubble) => Body<unknown>): void {
  test(
    title,
    bubble(async (t) => void (await style.go(body, t).join())),
  )
}

/** Lets time pass; whatever it wakes runs until it is blocked again. */
export function* pass(t: Bubble, ms: number): Body {
  yield* on(sleep(ms))
  yield* on(t.wait())
}
