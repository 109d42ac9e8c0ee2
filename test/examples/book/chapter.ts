// Runs the examples of a chapter of the book, each in a bubble, and compares what they print with what the table says.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { format } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { type Context, run } from 'warren'
import { type Bubble, bubble, checkLeaks, type ExploreOptions, explore } from 'warren/testing'
import { filesIn, root } from '../../docs/pages.ts'
import { Project } from '../../support/program.ts'

/** What an example printed, line by line. */
export type Lines = readonly string[]

/** An example that runs to its end. */
interface Expected {
  /** All it prints; or, where the order or a number varies, what must be true of it. */
  readonly prints: Lines | ((lines: Lines) => void)
  /** How long it takes by the virtual clock; default: it is not looked at. */
  readonly tookMs?: number
  /** Whether it measures: then it runs outside a bubble, where time is real. */
  readonly isMeasured?: boolean
  /** Whether `prints` is true in other orders, too: a hundred schedules are tried. */
  readonly isInAnyOrder?: boolean
  /** Outputs that occur in one schedule or another: the order is open, and whoever relies on it is wrong. */
  readonly outcomes?: readonly (Lines | ((lines: Lines) => boolean))[]
  /** What its goroutines wait for that it leaves behind on purpose, in a dump's words; empty: that it leaves none is its point. */
  readonly leaves?: readonly string[]
  /** How to find the outcomes; default: 200 at random. */
  readonly exploration?: Pick<ExploreOptions, 'strategy' | 'schedules'>
}

/** An example that ends its process. */
interface Fatal {
  readonly code: number
  readonly stdout: string
  readonly stderr: RegExp
}

export type Chapter = Readonly<Record<string, Expected | Fatal>>

interface Example {
  readonly main: (ctx: Context) => Promise<void>
}

/** The examples of `folder` (`ch01`), by their path in it without `.ts`. */
export function describeChapter(folder: string, chapter: Chapter): void {
  const directory = `examples/${folder}`
  const names = Object.keys(chapter)

  test(`${directory}: each example is in the table`, () => {
    const files = filesIn(directory, '.ts').map((path) => relative(directory, path).replace(/\.ts$/, ''))
    expect(names.toSorted()).toEqual(files.toSorted())
  })

  describe.each(names)(`${directory}/%s.ts`, (name) => {
    const expected = chapter[name]!
    const file = `${directory}/${name}.ts`
    test('says what it is from, and runs as a program', () => looksLikeOne(file))
    if ('code' in expected) test('ends as the table says', () => ends(file, expected))
    else describeRunning(file, expected)
  })
}

function describeRunning(file: string, expected: Expected): void {
  test('prints what the table says', async () => {
    const { main } = await load(file)
    const { lines, tookMs } = takesRealTime(expected) ? await printedBy(main) : await inBubble(main)
    check(expected, lines)
    if (expected.tookMs !== undefined) expect(tookMs).toBe(expected.tookMs)
  })

  if (expected.isInAnyOrder) {
    test('prints it in any order of its goroutines', async () => {
      const { main } = await load(file)
      await explore({ seed: 1, schedules: 100 }, async (t) => {
        check(expected, (await printedBy(main, t)).lines)
      })()
    })
  }

  const { leaves, outcomes, exploration } = expected
  if (leaves !== undefined) {
    test(`leaves behind: ${leaves.join() || 'nothing'}`, async () => {
      const { main } = await load(file)
      const leaks = await checkLeaks(() => printedBy(main))
      expect(leaks.map(({ goroutine }) => goroutine.state)).toEqual(leaves)
      expect(leaks.every(({ proven }) => proven)).toBe(true)
      if (leaves.length > 0) await expect(inBubble(main)).rejects.toThrow(`[${leaves[0]}`)
    })
  }
  if (outcomes === undefined) return
  test('can end in each of these ways', async () => {
    const { main } = await load(file)
    const found: Lines[] = []
    await explore({ seed: 1, schedules: 200, ...exploration }, async (t) => {
      found.push((await printedBy(main, t)).lines)
    })()
    for (const outcome of outcomes) {
      if (typeof outcome === 'function') expect(found.some(outcome), String(outcome)).toBe(true)
      else expect(found).toContainEqual(outcome)
    }
  })
}

function check({ prints }: Expected, lines: Lines): void {
  if (typeof prints === 'function') prints(lines)
  else expect(lines).toEqual(prints)
}

/** A bubble would not let it leave a goroutine behind. */
const takesRealTime = ({ isMeasured = false, leaves = [] }: Expected): boolean => isMeasured || leaves.length > 0

const load = (file: string): Promise<Example> => import(join(root, file))

async function inBubble(main: Example['main']): Promise<{ readonly lines: Lines; readonly tookMs: number }> {
  let result: { readonly lines: Lines; readonly tookMs: number } | undefined
  await bubble(async (t) => {
    result = await printedBy(main, t)
  })()
  return result!
}

/** As the last line of an example does, which is left out in an import. */
async function printedBy(
  main: Example['main'],
  t?: Bubble,
): Promise<{ readonly lines: Lines; readonly tookMs: number }> {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    lines.push(...format(...values).split('\n'))
  })
  const error = vi.spyOn(console, 'error').mockImplementation(() => {}) // what goes into a log
  const start = t?.now() ?? 0
  try {
    await run((ctx) => main(ctx), { signals: false })
    return { lines, tookMs: (t?.now() ?? 0) - start }
  } finally {
    log.mockRestore()
    error.mockRestore()
  }
}

async function ends(file: string, { code, stdout, stderr }: Fatal): Promise<void> {
  const own = relative('examples', file)
  using project = new Project({ [own]: sourceOf(file), 'is-main.ts': sourceOf('examples/is-main.ts') })
  const ended = await project.warren(['run', own]).ended
  expect(ended).toMatchObject({ code, stdout })
  expect(ended.stderr).toMatch(stderr)
}

const sourceOf = (file: string): string => readFileSync(join(root, file), 'utf8')

function looksLikeOne(file: string): void {
  const source = sourceOf(file)
  const number = /ch0(\d)/.exec(dirname(file))![1]!
  const top = source.slice(0, source.indexOf('\nimport'))
  expect(top.split('\n').length, 'lines of the comment at its top').toBeLessThanOrEqual(3)
  expect(top).toContain(`Concurrency in Go, chapter ${number}`)
  if (dirname(file).endsWith('/racy')) expect(top).toContain('racy on purpose')
  expect(source.split('\n').length).toBeLessThanOrEqual(65)
  expect(source).toMatch(/\nif \(isMain\(import\.meta\)\) await run\(.*\)\n$/)
}
