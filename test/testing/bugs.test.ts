// What exploration finds, strategy by strategy: every bug here in few schedules, and nothing in the programs without one.
import { describe, expect, test } from 'vitest'
import { ExplorationError, type ExploreOptions, explore } from 'warren/testing'
import { channelBugs } from './bugs/channels.ts'
import { groupBugs } from './bugs/groups.ts'
import { lockBugs } from './bugs/locks.ts'

const programs = [...lockBugs, ...channelBugs, ...groupBugs]
const seed = 20_260_101

const strategies: readonly (ExploreOptions & { readonly strategy: string })[] = [
  { strategy: 'random', schedules: 300, seed },
  { strategy: 'pct', schedules: 300, seed },
  { strategy: 'dfs', schedules: 2000 },
]

async function failureOf(options: ExploreOptions, body: Parameters<typeof explore>[1]): Promise<ExplorationError> {
  const error: unknown = await explore({ preemption: true, ...options }, body)().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ExplorationError)) throw new Error(`found nothing: ${String(error)}`)
  return error
}

describe.each(strategies)('$strategy', (options) => {
  test.each(programs)('finds $name', async ({ kind, broken }) => {
    const error = await failureOf(options, broken)
    if (process.env['BUGS']) console.log('FOUND', options.strategy, error.schedules)
    expect(error.kind).toBe(kind)
    const again = await failureOf({ strategy: 'replay', token: error.token }, broken)
    expect(again.timeline).toBe(error.timeline)
  })

  test.each(programs)('finds nothing in the program without $name', async ({ fixed }) => {
    await explore({ preemption: true, ...options }, fixed)()
  })
})
