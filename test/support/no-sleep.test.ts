// No test waits for real time, save those that are about it: see "Tests that take real time" in CONTRIBUTING.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn, root } from '../docs/pages.ts'

/** What may wait for real time, and what for. Programs in processes of their own are text to the test that runs them. */
const real: Readonly<Record<string, string>> = {
  'test/chan/long-turns.test.ts': 'turns of the event loop that had their time',
  'test/chan/starvation.test.ts': 'the host’s timers beside busy goroutines',
  'test/conformance/time/go-timer-stress.test.ts': 'stress of the real clock',
  'test/pipeline/endless.test.ts': 'the host’s timers beside pipelines without an end',
  'test/runtime/starvation.test.ts': 'the host’s timers beside busy goroutines',
  'test/sync/turns.test.ts': 'the host’s timers beside busy goroutines',
  'test/time/late-clock.test.ts': 'the real clock over a host that the test moves',
  'test/time/timer-retention.test.ts': 'the real clock and the garbage collector',
}
/** Bubbles themselves, beside which real time goes on; and explorations, which are nothing else. */
const bubbles = /^test\/(?:testing|explored)\//

const waits = [
  // A sleep of zero only gives way; `sleep(who: Sleeper)` is a method of that name.
  /(?<![.#\w])(?:sleep|after|tick|setTimeout|setInterval)\((?!0[,)]|\w+: )/,
  /(?<![.\w])afterFunc\(\d/,
  /\bnew (?:Timer|Ticker)\(/,
  /\bAbortSignal\.timeout\(/,
  // Later than in a minute and a half it is there to be cancelled.
  /\bwith(?:Timeout|Deadline)\(.*, [1-9]\d{0,4}[,)]/,
  /\bwhile \(.*\.now\(\)/,
]
const usesBubbles = /from '(?:warren\/testing|.*\/bubbles\.ts)'/
const notCode = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g

/** What runs outside bubbles: in a file that has some, the other tests; else all of it. */
function outsideBubbles(source: string): string[] {
  const code = source.replace(notCode, (text) => (text.startsWith('/') ? '' : "''"))
  if (!usesBubbles.test(source)) return [code]
  // A call ends with the first line that is indented as the one it began with: that is how files are formatted.
  const calls = code.matchAll(/^( *)(?:test|inBothStyles|inEveryPair|overKinds)\b.*(?:\n(?!\1[)}\w]).*)*/gm)
  return [...calls].map(([call]) => call).filter((call) => !call.includes('bubble('))
}

function realWaits(source: string): string[] {
  return outsideBubbles(source)
    .flatMap((code) => code.split('\n'))
    .filter((line) => waits.some((wait) => wait.test(line)))
    .map((line) => line.trim())
}

const files = filesIn('test', '.test.ts').filter((path) => !bubbles.test(path))
const sourceOf = (path: string): string => readFileSync(join(root, path), 'utf8')

test('tests wait for time in bubbles, except where real time is what they are about', () => {
  const problems = files
    .filter((path) => real[path] === undefined)
    .flatMap((path) => realWaits(sourceOf(path)).map((line) => `${path}: ${line}`))
  expect(problems).toEqual([])
})

test('the list of those that may has no others in it', () => {
  for (const path of Object.keys(real)) expect(realWaits(sourceOf(path)), path).not.toEqual([])
})

test('waits are found in tests outside bubbles, and not in those inside', () => {
  const inside = "test(\n  'one',\n  bubble(async () => {\n    await sleep(1)\n  }),\n)\n"
  const outside = "test('two', async () => {\n  await sleep(2)\n  await withTimeout(ctx, 50).done.receive()\n})\n"
  const found = ['await sleep(2)', 'await withTimeout(ctx, 50).done.receive()']
  expect(realWaits(outside)).toEqual(found)
  expect(realWaits(`import { bubble } from 'warren/testing'\n${inside}${outside}`)).toEqual(found)
  expect(realWaits("// sleep(1)\nprogram('sleep(1)', `sleep(1)`)\ncond.sleep(1)")).toEqual([])
})
