// Small programs under every schedule there is, or under many.
import { expect, test, vi } from 'vitest'
import { ContextError, type Goroutine, KilledError } from 'warren'
import { type Bubble, type ExploreOptions, explore } from 'warren/testing'
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

/** Runs a program under all its schedules; throws when they are too many. */
export async function prove(program: Program, style: Style, options: ExploreOptions = {}): Promise<number> {
  const schedules = 20_000 * budget
  const exploration = explore(
    { strategy: 'dfs', preemption: true, schedules, maxSteps: 1000, ...options },
    mainOf(program, style),
  )
  await quietly(exploration)
  expect(exploration.report, 'all schedules were run').toMatchObject({ isProof: true })
  return exploration.report!.schedules
}

/** Runs a program under many schedules, half of them by priorities; a failure says with which seed. */
export async function search(program: Program, style: Style, options: ExploreOptions = {}): Promise<void> {
  for (const strategy of ['random', 'pct'] as const) {
    await explore({ strategy, preemption: true, schedules: 100 * budget, ...options }, mainOf(program, style))()
  }
}

/** A test that a program is right under all its schedules, in each style. */
export function proves(title: string, program: Program, only: readonly Style[] = styles): void {
  for (const style of only) {
    test(`${title} (${style.name})`, async () => {
      const schedules = await prove(program, style)
      if (process.env['WARREN_EXPLORE_COUNT']) process.stderr.write(`${schedules}\t${title} (${style.name})\n`)
    })
  }
}

/** A test that a program, too large for that, is right under many schedules. */
export function survives(title: string, program: Program, only: readonly Style[] = styles): void {
  for (const style of only) test(`${title} (${style.name})`, () => search(program, style))
}
