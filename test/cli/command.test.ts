import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Project, runWithNode, runWithWarren } from '../support/program.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

describe('warren', () => {
  test('--version prints the version', async () => {
    using project = new Project()
    expect(await project.warren(['--version']).ended).toMatchObject({
      code: 0,
      stdout: `warren ${version}\n`,
      stderr: '',
    })
  })

  test('--help tells the commands, and run --help what run takes, and nothing that does not exist', async () => {
    using project = new Project()
    const [all, run] = await Promise.all([project.warren(['--help']).ended, project.warren(['run', '--help']).ended])
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(all.stdout).toContain('warren run')
    expect(run).toMatchObject({ code: 0, stderr: '' })
    for (const option of ['--procs', '--race']) expect(all.stdout + run.stdout).not.toContain(option)
    for (const option of ['--seed', '--dump-on', '--leaks', '--watchdog', '130', 'Ctrl-C'])
      expect(run.stdout).toContain(option)
  })

  test.each([
    { args: [], stderr: 'warren: no command given (ERR_USAGE)\ntry warren --help\n' },
    {
      args: ['run', '--procs', '2', 'program.ts'],
      stderr: 'warren: --procs is not available in this version (ERR_NOT_AVAILABLE)\ntry warren --help\n',
    },
  ])('a wrong command line, as $args, is exit status 2', async ({ args, stderr }) => {
    using project = new Project({ 'program.ts': 'console.log(1)' })
    expect(await project.warren(args).ended).toMatchObject({ code: 2, stdout: '', stderr })
  })

  test('a program that is not there, or no file, is exit status 1', async () => {
    using project = new Project({ 'folder/a.ts': '' })
    const [missing, folder] = await Promise.all([
      project.warren(['run', 'absent.ts']).ended,
      project.warren(['run', 'folder']).ended,
    ])
    expect(missing).toMatchObject({ code: 1, stderr: 'warren: cannot run absent.ts: no such file\n' })
    expect(folder).toMatchObject({ code: 1, stderr: 'warren: cannot run folder: it is a directory\n' })
  })
})

describe('warren run', () => {
  test("gives the program Node's process.argv, and its own options to nobody", async () => {
    using project = new Project({ 'program.ts': 'console.log(JSON.stringify(process.argv))' })
    const { stdout } = await project.warren(['run', '--seed', '1', 'program.ts', '--seed', '2', 'x y']).ended
    expect(JSON.parse(stdout)).toEqual([process.execPath, `${project.path}/program.ts`, '--seed', '2', 'x y'])
  })

  test('keeps the exit code that the program sets, and waits for what it still does', async () => {
    const source = `process.exitCode = 7; setTimeout(() => console.log('later'), 10)`
    expect(await runWithWarren(source)).toMatchObject({ code: 7, stdout: 'later\n', stderr: '' })
  })

  test('makes random choices repeatable by --seed', async () => {
    const source = `
      import { chan, select } from 'warren'
      const a = chan<number>(100), b = chan<number>(100)
      for (let i = 0; i < 100; i++) { a.trySend(i); b.trySend(i) }
      let picks = ''
      for (let i = 0; i < 60; i++) picks += (await select({ a, b })).case
      console.log(picks)
    `
    const [one, again, other] = await Promise.all(
      ['1', '1', '2'].map((seed) => runWithWarren(source, { options: ['--seed', seed] })),
    )
    expect(one!.stdout).toMatch(/^[ab]{60}\n$/)
    expect(again!.stdout).toBe(one!.stdout)
    expect(other!.stdout).not.toBe(one!.stdout)
  })

  test('knows the goroutines of awaiting code, also after awaits of other promises', async () => {
    const { stdout } = await runWithWarren(`
      import { chan, go } from 'warren'
      import { goroutines } from 'warren/debug'
      const ch = chan()
      const first = go(async function first() {
        await new Promise((resolve) => setTimeout(resolve, 1))
        await null
        await ch.receive()
      })
      go(function* second() {
        const helper = async () => { await null; await ch.receive() }
        helper()
        yield* ch.receive()
      })
      const stateOf = (id: number) => goroutines().find((goroutine) => goroutine.id === id)!.state
      while (stateOf(first.id) !== 'chan receive') await new Promise((resolve) => setImmediate(resolve))
      for (const { name, state, parentId } of goroutines()) console.log(name, state, parentId)
    `)
    expect(stdout).toBe('main running 0\nfirst chan receive 1\nsecond chan receive 1\n')
  })
})

describe('an error outside every goroutine', () => {
  test.each([
    { name: 'thrown at the top level', source: `throw new Error('boom')` },
    { name: 'thrown by a callback', source: `setTimeout(function late() { throw new Error('boom') }, 1)` },
    {
      name: 'that rejects a promise nobody handles',
      source: `Promise.reject(new Error('boom'))\nsetInterval(() => {}, 1000)`,
    },
    {
      name: 'with which run fails',
      source: `import { run } from 'warren'\nawait run(async () => { throw new Error('boom') })`,
    },
  ])('$name is a panic of the main goroutine', async ({ source }) => {
    const ended = await runWithWarren(source)
    expect(ended.stderr).toMatch(/^panic: boom\n\ngoroutine 1 \[running\]:\n.+\n\tprogram\.ts:\d+:\d+\n/)
    expect(ended.code).toBe(2)
  })

  test('that is none, rejecting a promise nobody handles, is told as it is', async () => {
    const ended = await runWithWarren(`Promise.reject('a text')`)
    expect(ended.stderr).toMatch(/^panic: a text\n\ngoroutine 1 \[running\]:\n/)
    expect(ended.code).toBe(2)
  })

  test('goes to the listener that the program has for it', async () => {
    const ended = await runWithWarren(`
      process.on('uncaughtException', (error: Error) => console.log('caught:', error.message))
      setTimeout(() => {
        setTimeout(() => { throw new Error('two') }, 1)
        throw new Error('one')
      }, 1)
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'caught: one\ncaught: two\n', stderr: '' })
  })

  test('of the top level goes to that listener too', async () => {
    const ended = await runWithWarren(`
      process.on('uncaughtException', (error: Error) => console.log('caught:', error.message))
      throw new Error('boom')
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'caught: boom\n', stderr: '' })
  })

  test('is left to Node without warren run', async () => {
    expect((await runWithNode(`import 'warren'\nthrow new Error('boom')`)).code).toBe(1)
  })
})
