// Small programs under every schedule there is, or under many.
import { expect, test, vi } from 'vitest'
import { ContextError, type Goroutine, KilledError } from 'warren'
import { type Bubble, explore } from 'warren/testing'
import { type Body, drive, on, type Style, styles } from './styles.ts'

/** Multiplies how many schedules are run: for a night, not for a commit. */
const budget = Number(process.env['WARREN_EXPLORE_BUDGET'] ?? 1)

/** What is explored: the body of the main goroutine. It makes all its state anew, each time. */
export type Program = (style: Style, t: Bubble) => Body<unknown>

/** What came of a wait that may be given up. */
export type Tried<R> = { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown }

/** Runs a body that may fail with the error of its context, but with no other. */
export function* tried<R>(body: Body<R>): Body<Tried<R>> {
  try {
    return { ok: true, value: yield* body }
  } catch (error) {
    if (!(error instanceof ContextError)) throw error
    return { ok: false, error }
  }
}

/** Waits for the end of a goroutine that may have been killed, and says whether it ended by itself. */
export function* endOf(goroutine: Goroutine<unknown>): Body<boolean> {
  try {
    yield* on(goroutine.join())
    return true
  } catch (error) {
    if (!(error instanceof KilledError)) throw error
    return false
  }
}

/** Cheaper than `expect`, which would be half the work of an exploration. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) expect.fail(message)
}

/** Whether two lists have the same values in the same order. */
export function mustEqual(actual: readonly unknown[], expected: readonly unknown[], message: string): void {
  const isEqual = actual.length === expected.length && actual.every((value, i) => Object.is(value, expected[i]))
  if (!isEqual) expect(actual, message).toEqual(expected)
}

/** A body as the main goroutine of a bubble. */
function mainOf(program: Program, style: Style): (t: Bubble) => Body<void> | Promise<void> {
  if (style.name === 'async') {
    return async (t) => {
      await drive(program(style, t))
    }
  }
  return function* main(t) {
    yield* program(style, t)
  }
}

async function quietly(run: () => Promise<void>): Promise<void> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    await run()
  } finally {
    log.mockRestore()
  }
}

/** A program under all its schedules, as a function that runs them and says how many they are. */
export function proof(program: Program, style: Style): () => Promise<number> {
  const exploration = explore(
    { strategy: 'dfs', preemption: true, schedules: 20_000 * budget, maxSteps: 1000 },
    mainOf(program, style),
  )
  return async () => {
    if (process.env['WARREN_REPLAY'] !== undefined) {
      await exploration()
      return 1
    }
    await quietly(exploration)
    expect(exploration.report, 'all schedules were run').toMatchObject({ isAll: true })
    return exploration.report!.schedules
  }
}

// Explorations are made when the tests are, and not when they run: so the same token finds the same one, whichever run.

/** A test that a program is right under all its schedules, in each style. */
export function proves(title: string, program: Program, tryIn: readonly Style[] = styles): void {
  for (const style of tryIn) {
    const run = proof(program, style)
    test(`${title} (${style.name})`, async () => {
      const schedules = await run()
      if (process.env['WARREN_EXPLORE_COUNT']) process.stderr.write(`${schedules}\t${title} (${style.name})\n`)
    })
  }
}

/** A test that a program, too large for that, is right under many schedules; half of them are chosen by priorities. */
export function survives(title: string, program: Program, tryIn: readonly Style[] = styles): void {
  for (const style of tryIn) {
    const explorations = (['random', 'pct'] as const).map((strategy) =>
      explore({ strategy, preemption: true, schedules: 100 * budget }, mainOf(program, style)),
    )
    test(`${title} (${style.name})`, async () => {
      for (const exploration of explorations) await exploration()
    })
  }
}
