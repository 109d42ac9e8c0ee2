// What a program says at its end about the goroutines that it leaves behind, when asked to.
import { describe, expect, test } from 'vitest'
import { type Ended, runWithNode, runWithWarren } from '../support/program.ts'

const runners: readonly { name: string; run: (source: string) => Promise<Ended> }[] = [
  { name: 'warren run --leaks', run: (source) => runWithWarren(source, { options: ['--leaks'] }) },
  { name: 'warren run with WARREN_LEAKS=1', run: (source) => runWithWarren(source, { env: { WARREN_LEAKS: '1' } }) },
  { name: 'node with WARREN_LEAKS=1', run: (source) => runWithNode(source, { env: { WARREN_LEAKS: '1' } }) },
]

/** The first lines of the blocks. */
function heads({ stderr }: Ended): string[] {
  return stderr === '' ? [] : stderr.split('\n\n').map((block) => block.split('\n', 1)[0]!)
}

const worker = `
  function* worker() { yield* chan().receive() }
  async function helper() { await chan().send(1) }
`

describe.each(runners)('under $name', ({ run }) => {
  test('a program without leaks prints nothing', async () => {
    const ended = await run(`
      import { chan, go, run, select, sleep } from 'warren'
      const total = await run(async (ctx) => {
        const jobs = chan()
        const done = chan()
        go(function* listener() { yield* select({ jobs: chan(), done: ctx.done }) })
        go(async function listener() { await chan().receive(ctx).catch(() => {}) })
        go(async function producer() {
          for (let i = 0; i < 3; i++) await jobs.send(i, ctx)
          jobs.close()
        })
        await sleep(1)
        let sum = 0
        for await (const n of jobs) sum += n
        return sum
      })
      console.log(total)
    `)
    expect(ended).toMatchObject({ code: 0, stdout: '3\n', stderr: '' })
  })

  test('what main left behind is reported in groups, and the exit status stays', async () => {
    const ended = await run(`
      import { chan, go } from 'warren'
      ${worker}
      globalThis.kept = chan()
      for (let i = 0; i < 3; i++) go(worker)
      go(helper)
      go(async function parked() { await kept.receive() })
      process.exitCode = 3
    `)
    expect(ended.code).toBe(3)
    expect(heads(ended)).toEqual([
      '3 goroutines leaked [chan receive]: can never run again',
      '1 goroutine leaked [chan send]: can never run again',
      '1 goroutine left [chan receive]: has not ended',
    ])
    const [first] = ended.stderr.split('\n\n')
    expect(first).toMatch(
      /\nworker\(\.\.\.\)\n\tprogram\.m?[tj]s:4:\d+\ncreated by .* in goroutine 1\n\tprogram\.m?[tj]s:8:\d+$/,
    )
  })

  test('what run would have killed is reported when nothing could reach it any more', async () => {
    const ended = await run(`
      import { chan, go, run } from 'warren'
      ${worker}
      globalThis.kept = chan()
      await run(async () => {
        go(worker)
        go(function* reachable() { yield* kept.receive() })
        go(async function parked() { await kept.receive() })
      })
    `)
    expect(ended.code).toBe(0)
    expect(heads(ended)).toEqual([
      '1 goroutine leaked [chan receive]: can never run again',
      '1 goroutine left [chan receive]: has not ended',
    ])
    expect(ended.stderr).toContain('worker(...)')
    expect(ended.stderr).toContain('parked(...)')
  })

  test('unfinished waits for what is not ours are no leaks, if something still reaches them', async () => {
    const ended = await run(`
      import { go, wait } from 'warren'
      const late = () => new Promise((resolve) => setTimeout(resolve, 60_000).unref())
      go(async function fetcher() { await late() })
      go(function* fetcher() { yield* wait(late()) })
    `)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('a deadlock is told once, by its dump', async () => {
    const ended = await run(`
      import { chan, go, run } from 'warren'
      ${worker}
      go(worker)
      await run(async () => { await chan().receive() })
    `)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('fatal error: all goroutines are asleep - deadlock!')
    expect(ended.stderr).not.toContain('leaked')
  })

  test('so is one of the top level', async () => {
    const ended = await run(`
      import { chan, go } from 'warren'
      ${worker}
      go(worker)
      await chan().receive()
    `)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('fatal error: all goroutines are asleep - deadlock!')
    expect(ended.stderr).not.toContain('leaked')
  })

  test('a panic is not followed by all that still waited', async () => {
    const ended = await run(`
      import { chan, go } from 'warren'
      ${worker}
      go(helper)
      go(async () => { throw new Error('too bad') })
    `)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/^panic: too bad\n/)
    expect(ended.stderr).not.toContain('chan send')
  })

  test('after process.exit it says what waits, if main is over', async () => {
    const ended = await run(`
      import { chan, go, run } from 'warren'
      ${worker}
      await run(async () => { go(helper) })
      go(helper)
      setTimeout(() => process.exit(0), 1)
    `)
    expect(ended.code).toBe(0)
    expect(ended.stderr).toMatch(/\[chan send\]: /)
  })

  test('process.exit inside main is not the end of main', async () => {
    const ended = await run(`
      import { chan, go, gosched, run } from 'warren'
      globalThis.kept = chan()
      await run(async () => {
        go(async function parked() { await kept.receive() })
        await gosched()
        process.exit(0)
      })
    `)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('what was proven while the program ran is reported at its end, also if that is early', async () => {
    const ended = await run(`
      import { chan, go, run } from 'warren'
      import { leaks } from 'warren/debug'
      ${worker}
      await run(async () => {
        go(worker)
        go(helper)
        await leaks()
        process.exit(4)
      })
    `)
    expect(ended.code).toBe(4)
    expect(heads(ended)).toEqual([
      '1 goroutine leaked [chan receive]: can never run again',
      '1 goroutine leaked [chan send]: can never run again',
    ])
  })

  test('work that other listeners of beforeExit give is not lost', async () => {
    const ended = await run(`
      import { chan, go, sleep } from 'warren'
      let more = 2
      process.on('beforeExit', () => {
        if (more-- > 0) go(async () => { await sleep(1); console.log('more') })
      })
      go(function* () { yield* chan().receive() })
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'more\nmore\n' })
    expect(heads(ended)).toEqual(['1 goroutine leaked [chan receive]: can never run again'])
  })
})

test('nothing is said when nobody asks', async () => {
  const ended = await runWithWarren(`
    import { chan, go } from 'warren'
    go(function* () { yield* chan().receive() })
  `)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
})
