import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Exploration, ExplorationError, type FailureKind } from 'warren/testing'
import * as abBa from '../../examples/testing/ab-ba.ts'
import * as diningPhilosophers from '../../examples/testing/dining-philosophers.ts'
import * as flakyTest from '../../examples/testing/flaky-test.ts'
import * as hallway from '../../examples/testing/hallway.ts'
import * as lostWakeUp from '../../examples/testing/lost-wake-up.ts'
import * as starvation from '../../examples/testing/starvation.ts'
import { examplesOfPage } from '../docs/extract.ts'
import { Project } from '../support/program.ts'

interface Example {
  readonly search: Exploration
  readonly kind: FailureKind
  /** What the report says, besides. */
  readonly says: RegExp
}

const examples: Record<string, Example> = {
  'ab-ba': { search: abBa.search, kind: 'deadlock', says: /wait-for cycle:\n.*\(save\).*\n.*\(spend\)/ },
  'dining-philosophers': {
    search: diningPhilosophers.search,
    kind: 'deadlock',
    says: /wait-for cycle:\n(.*\(philosopher\) waits for sync\.Mutex.*\n){5}/,
  },
  'lost-wake-up': { search: lostWakeUp.search, kind: 'deadlock', says: /goroutine 2 \[sync\.Cond\.Wait\]/ },
  hallway: { search: hallway.search, kind: 'livelock', says: /it repeats for ever:\n(.*(alice|barbara).*\n){4,16}/ },
  starvation: {
    search: starvation.search,
    kind: 'throw',
    says: /barbara has waited for the lock for \d+ % of the time/,
  },
}

async function failureOf(exploration: Exploration): Promise<ExplorationError> {
  const error = await exploration().then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ExplorationError)
  return error as ExplorationError
}

const folder = new URL('../../examples/', import.meta.url)
const sourceOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, folder)), 'utf8')

/** A project with these files of `examples`. */
const projectOf = (...paths: readonly string[]): Project =>
  new Project(Object.fromEntries(paths.map((path) => [path, sourceOf(path)])))

/** What everybody did, without the dump, which has the paths of this machine. */
const timelineOf = (text: string): string => /^(timeline|it repeats) [\s\S]*?\n\n/m.exec(text)![0]

describe.each(Object.entries(examples))('examples/testing/%s.ts', (name, { search, kind, says }) => {
  test(`its bug is found as a ${kind}`, async () => {
    const error = await failureOf(search)
    expect(error).toMatchObject({ kind, seed: 1 })
    expect(error.message).toMatch(says)
  })

  test('finds the same in a process of its own, and the command that it prints repeats it in another', async () => {
    const here = await failureOf(search)
    const file = `testing/${name}.ts`
    using project = projectOf(file, 'testing/show.ts', 'is-main.ts')
    const first = await project.warren(['run', file]).ended
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain(`${kind} in schedule ${here.schedules} of random, seed 1`)
    expect(timelineOf(first.stdout)).toBe(timelineOf(here.message))

    const command = /^replay: WARREN_REPLAY=(\S+) npx warren (.*)$/m.exec(first.stdout)!
    expect(command.slice(1)).toEqual([here.token, `run ${file}`])
    const again = await project.warren(command[2]!.split(' '), { WARREN_REPLAY: command[1]! }).ended
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain(`${kind} in the replayed schedule`)
    expect(timelineOf(again.stdout)).toBe(timelineOf(here.message))
  })
})

describe('the right bodies of examples/testing', () => {
  const proofs = { abBa, diningPhilosophers, hallway, lostWakeUp }
  test.each(Object.entries(proofs))('%s: no schedule fails', async (_name, { proof }) => {
    await proof()
    expect(proof.report?.isAll).toBe(true)
  })

  test('starvation: nobody waits for long, in any of the schedules tried', async () => {
    await starvation.check()
    expect(starvation.check.report?.schedules).toBe(50)
  })
})

describe('examples/testing/flaky-test.ts', () => {
  test('fails where somebody keeps the thread', async () => {
    flakyTest.disturb()
    await expect(flakyTest.broken()).rejects.toThrow('forgotten too early')
  })

  test('passes in a bubble', flakyTest.fixed)

  test('the one of the guide passes in a runner of its own', async () => {
    const page = 'docs/guide/testing.md'
    const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
    const { code } = examplesOfPage(page, text).find(({ code }) => code.includes("from 'node:test'"))!
    using project = new Project({ 'session.ts': code })
    const { code: status, stdout } = await project.warren(['run', 'session.ts']).ended
    expect(status).toBe(0)
    expect(stdout).toMatch(/pass 1\n/)
  })

  test('says so as a program', async () => {
    using project = projectOf('testing/flaky-test.ts', 'is-main.ts')
    const { stdout } = await project.warren(['run', 'testing/flaky-test.ts']).ended
    expect(stdout).toMatch(/^in real time: .*forgotten too early\nin a bubble: passes\n$/)
  })
})
