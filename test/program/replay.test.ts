import { describe, expect, test } from 'vitest'
import { Project } from '../support/program.ts'

const body = `
import { Mutex, WaitGroup } from 'warren'
export async function transfer() {
  const a = new Mutex(), b = new Mutex(), wg = new WaitGroup()
  const both = async (first, second) => { await first.lock(); await second.lock(); second.unlock(); first.unlock() }
  wg.go(() => both(a, b))
  wg.go(() => both(b, a))
  await wg.wait()
}
export async function harmless() {
  const mu = new Mutex(), wg = new WaitGroup()
  for (let i = 0; i < 3; i++) wg.go(async () => { await mu.lock(); mu.unlock() })
  await wg.wait()
}
`

const program = `
import { explore } from 'warren/testing'
import { harmless, transfer } from './body.mjs'
const first = explore({ schedules: 10 }, harmless)
const second = explore({ schedules: 1000 }, transfer)
await first()
try { await second() } catch (error) { console.log(JSON.stringify({ ...error, message: error.message, timeline: error.timeline })) }
`

interface Found {
  readonly code: string
  readonly token: string
  readonly timeline: string
  readonly message: string
}

async function run(
  project: Project,
  file: string,
  env: { readonly [name: string]: string } = {},
): Promise<{ found: Found; said: string[] }> {
  const { stdout, stderr, code } = await project.node([file], env).ended
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  const lines = stdout.trimEnd().split('\n')
  return { found: JSON.parse(lines.at(-1)!) as Found, said: lines.slice(0, -1) }
}

describe('a schedule in a fresh process', () => {
  test('is replayed by WARREN_REPLAY, in the exploration it belongs to, with the same timeline', async () => {
    using project = new Project({ 'body.mjs': body, 'program.mjs': program })
    const { found } = await run(project, 'program.mjs')
    expect(found.message).toContain(`replay: WARREN_REPLAY=${found.token} node `)
    const again = await run(project, 'program.mjs', { WARREN_REPLAY: found.token })
    expect(again.found.timeline).toBe(found.timeline)
    expect(again.found.token).toBe(found.token)
    expect(again.said).toEqual(['explore: not replayed, WARREN_REPLAY is the schedule of another exploration'])
  })

  test('is replayed by its token in another program', async () => {
    using project = new Project({ 'body.mjs': body, 'program.mjs': program })
    const { found } = await run(project, 'program.mjs')
    project.write({
      'other.mjs': `
import { explore } from 'warren/testing'
import { transfer } from './body.mjs'
try { await explore({ strategy: 'replay', token: process.env.TOKEN }, transfer)() } catch (error) { console.log(JSON.stringify({ ...error, timeline: error.timeline })) }
`,
    })
    const again = await run(project, 'other.mjs', { TOKEN: found.token })
    expect(again.found.timeline).toBe(found.timeline)
  })
})
