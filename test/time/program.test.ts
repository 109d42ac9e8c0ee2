// When a timer keeps a program alive: in processes of their own, on plain Node.
import { describe, expect, test } from 'vitest'
import { runWithNode } from '../support/program.ts'

const imports = `
import { after, afterFunc, background, chan, go, never, select, sleep, Ticker, tick, Timer, withTimeout } from 'warren'
import * as context from 'warren/context'
const hour = 3_600_000
`

describe('a program ends at once', () => {
  test.each([
    ['a timer that nobody waits on', 'globalThis.kept = [new Timer(hour), after(hour)]'],
    ['a ticker that nobody waits on', 'globalThis.kept = [new Ticker(5), tick(5)]'],
    ['a timer that was stopped while it was waited for', 'const t = new Timer(hour); t.c.receive(); t.stop()'],
    ['a ticker that was stopped while it was waited for', 'const t = new Ticker(5); t.c.receive(); t.stop()'],
    ['a timer whose wait is over', 'await select({ timeout: after(hour), now: after(1) })'],
    ['afterFunc that was stopped', 'afterFunc(hour, () => {}).stop()'],
    ['a context with a timeout', 'globalThis.kept = withTimeout(background(), hour)'],
    [
      'a context with a timeout whose waits are over',
      'const ctx = withTimeout(background(), hour); await select({ done: ctx.done, now: after(1) })',
    ],
    ['a function to be called at the end of a context', 'context.afterFunc(withTimeout(background(), hour), () => {})'],
    ['a sleep that was cancelled', 'const c = new AbortController(); sleep(hour, c.signal).catch(() => {}); c.abort()'],
    [
      'a sleeping goroutine that was killed',
      'const g = go(function* () { yield* sleep(hour) }); await sleep(1); g.kill(); g.join().catch(() => {})',
    ],
  ])('in spite of %s', async (_, source) => {
    expect(await runWithNode(`${imports}${source}\nconsole.log('end')`)).toEqual({
      code: 0,
      signal: null,
      stdout: 'end\n',
      stderr: '',
    })
  })
})

describe('a program goes on', () => {
  test.each([
    ['a sleep', 'go(async () => { await sleep(30); console.log("woken") })'],
    [
      'a sleep for ever',
      'go(async () => sleep(Number.POSITIVE_INFINITY)); setTimeout(() => { console.log("woken"); process.exit() }, 50).unref()',
    ],
    ['a sleep of a generator goroutine', 'go(function* () { yield* sleep(30); console.log("woken") })'],
    ['a receive from a timer', 'go(async () => { await new Timer(30).c.receive(); console.log("woken") })'],
    ['a select with a timeout', 'go(async () => { await select({ t: after(30), never }); console.log("woken") })'],
    [
      'a receive from a ticker',
      'const t = new Ticker(10); for (let i = 0; i < 3; i++) await t.c.receive(); console.log("woken")',
    ],
    ['afterFunc', 'afterFunc(30, () => console.log("woken"))'],
    ['afterFunc that was reset', 'const t = afterFunc(hour, () => console.log("woken")); t.reset(30)'],
    ['a receive from done', 'await withTimeout(background(), 30).done.receive(); console.log("woken")'],
    [
      'a wait under a context with a timeout',
      'await chan().receive(withTimeout(background(), 30)).catch((error) => console.log("woken", error.message))',
    ],
    [
      'a wait under a context that inherits it',
      'await chan().receive(context.withCancel(withTimeout(background(), 30))).catch(() => console.log("woken"))',
    ],
    [
      'a timer that nobody waited on when it was made',
      'const t = after(30); await sleep(1); await t.receive(); console.log("woken")',
    ],
  ])('while there is %s', async (_, source) => {
    const ended = await runWithNode(`${imports}${source}`)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^woken/)
  })

  test('a busy loop does not keep timers from firing, in either style', async () => {
    const ended = await runWithNode(`${imports}
      let isOver = false
      afterFunc(30, () => { isOver = true })
      const ch = chan(1)
      go(function* () { while (!isOver) { yield* ch.send(1); yield* ch.receive() } console.log('generator') })
      while (!isOver) { await sleep(0) }
      console.log('async')
    `)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout.split('\n').sort()).toEqual(['', 'async', 'generator'])
  })
})

test('a program that waits on a stopped timer is deadlocked', async () => {
  const ended = await runWithNode(`${imports}const t = new Timer(5); t.stop(); await t.c.receive()`)
  expect(ended.code).toBe(2)
  expect(ended.stderr).toMatch(/^fatal error: all goroutines are asleep - deadlock!/m)
})
