import { describe, expect, test } from 'vitest'
import { Project } from '../support/program.ts'

describe.skipIf(process.platform === 'win32')('warren run', () => {
  const waiting = `
    import { chan, go, run } from 'warren'
    setInterval(() => {}, 1000)
    await run(async function main(ctx) {
      go(function* worker() { yield* chan().receive() })
      console.log('ready')
      await chan().receive(ctx)
    })
  `

  test.each([
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ] as const)("ends quietly with $code when $signal cancels main's context", async ({ signal, code }) => {
    using project = new Project({ 'program.ts': waiting })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill(signal)
    expect(await program.ended).toMatchObject({ code, signal: null, stderr: '' })
  })

  test.each([
    { name: 'a timer of Node', wait: 'await setTimeout(60_000, undefined, { signal: ctx.signal })' },
    { name: 'a context below', wait: 'using below = withTimeout(ctx, 60_000)\nawait chan().receive(below)' },
    { name: 'an AbortSignal', wait: 'await chan().receive(ctx.signal)' },
    { name: 'a context of an AbortSignal', wait: 'await chan().receive(fromSignal(ctx.signal))' },
  ])('ends quietly also if main waits on $name', async ({ wait }) => {
    using project = new Project({
      'program.ts': `
        import { setTimeout } from 'node:timers/promises'
        import { chan, fromSignal, run, withTimeout } from 'warren'
        setInterval(() => {}, 1000)
        await run(async (ctx) => {
          console.log('ready')
          ${wait}
        })
      `,
    })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGINT')
    expect(await program.ended).toMatchObject({ code: 130, stderr: '' })
  })

  test('lets the program end itself in its own way when the context is cancelled', async () => {
    using project = new Project({
      'program.ts': `
        import { chan, ContextError, run } from 'warren'
        const alive = setInterval(() => {}, 1000)
        await run(async (ctx) => {
          console.log('ready')
          try { await chan().receive(ctx) } catch (error) {
            if (!(error instanceof ContextError)) throw error
            console.log('clean up after', (error.cause as Error).message)
          }
        })
        clearInterval(alive)
        process.exitCode = 9
      `,
    })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGINT')
    expect(await program.ended).toMatchObject({
      code: 9,
      stdout: 'ready\nclean up after received SIGINT\n',
      stderr: '',
    })
  })

  test('keeps the exit code that the program has set when the cancelled main fails', async () => {
    using project = new Project({ 'program.ts': `process.exitCode = 5\n${waiting}` })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGINT')
    expect(await program.ended).toMatchObject({ code: 5, stderr: '' })
  })

  test('ends at once at the second Ctrl-C', async () => {
    using project = new Project({
      'program.ts': `
        import { run } from 'warren'
        setInterval(() => {}, 1000)
        await run(async (ctx) => {
          console.log('ready')
          await ctx.done.receive()
          console.log('in no hurry')
          await new Promise(() => {})
        })
      `,
    })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGINT')
    await program.printed('in no hurry')
    program.kill('SIGINT')
    expect(await program.ended).toMatchObject({ signal: 'SIGINT', stderr: '' })
  })

  test('prints all goroutines on SIGQUIT, main first, and ends with 2', async () => {
    using project = new Project({ 'program.ts': waiting })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGQUIT')
    const { code, stderr } = await program.ended
    expect(code).toBe(2)
    expect(stderr.replaceAll(`${project.path}/`, '')).toMatch(
      /^SIGQUIT: quit\n\ngoroutine 1 \[chan receive\]:\nmain\(\.\.\.\)\n\tprogram\.ts:7:\d+\n\ngoroutine 2 \[chan receive\]:\nworker\(\.\.\.\)\n\tprogram\.ts:5:\d+\ncreated by main in goroutine 1\n\tprogram\.ts:5:\d+\n$/,
    )
  })

  test('prints all goroutines of a program that waits at its top level', async () => {
    using project = new Project({
      'program.ts': `
        import { chan } from 'warren'
        setInterval(() => {}, 1000)
        console.log('ready')
        await chan().receive()
      `,
    })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGQUIT')
    expect((await program.ended).stderr).toMatch(
      /^SIGQUIT: quit\n\ngoroutine 1 \[chan receive\]:\n.*\n\t.*program\.ts:5:/,
    )
  })

  test('prints them on another signal if asked to, and goes on', async () => {
    using project = new Project({
      'program.ts': `
        import { chan, run } from 'warren'
        const quit = setInterval(() => {}, 1000)
        const next = chan<string>()
        process.on('SIGUSR1', () => next.trySend('and goes on'))
        await run(async () => {
          console.log('ready')
          console.log(await next.receive())
        })
        clearInterval(quit)
      `,
    })
    const program = project.warren(['run', '--dump-on', 'SIGUSR2', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGUSR2')
    // Signals of different kinds are delivered in no order: the next one only after the dump has come.
    await program.complained('goroutine 1 [chan receive]')
    program.kill('SIGUSR1')
    expect(await program.ended).toMatchObject({ code: 0, stdout: 'ready\nand goes on\n' })
  })

  test('leaves SIGQUIT to a program that listens to it', async () => {
    using project = new Project({
      'program.ts': `
        process.on('SIGQUIT', () => { console.log('mine'); process.exit(0) })
        setInterval(() => {}, 1000)
        console.log('ready')
      `,
    })
    const program = project.warren(['run', 'program.ts'])
    await program.printed('ready')
    program.kill('SIGQUIT')
    expect(await program.ended).toMatchObject({ code: 0, stdout: 'ready\nmine\n', stderr: '' })
  })

  test('loses nothing of a dump that is larger than a pipe holds', async () => {
    using project = new Project({
      'program.ts': `
        import { chan, go, run } from 'warren'
        await run(async () => {
          for (let i = 0; i < 5000; i++) go(function* idle() { yield* chan().receive() })
          await chan().receive()
        })
      `,
    })
    const { code, stderr } = await project.warren(['run', 'program.ts']).ended
    expect(code).toBe(2)
    expect(stderr.length).toBeGreaterThan(500_000)
    expect(stderr.match(/^goroutine \d+ \[chan receive\]:$/gm)).toHaveLength(5001)
  })
})
