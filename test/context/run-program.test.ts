// What run means for a whole program: signals, and what it leaves behind.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtPackage, Project, runWithNode } from '../support/program.ts'

const imports = `
import { afterFunc, background, chan, go, goexit, gosched, never, run, select, sleep, Ticker, withTimeout } from 'warren'
const hour = 3_600_000
`

describe.skipIf(process.platform === 'win32')('signals', () => {
  const waitForSignal = `${imports}
    await run(async (ctx) => {
      console.log('ready')
      await sleep(hour, ctx).catch((error) => console.log(error.message, error.cause.name, error.cause.code, error.cause.signal))
      console.log('cleaned up')
    })
    console.log('end')
  `

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s cancels the context of main, which may end in peace',
    async (signal) => {
      using project = new Project({ 'program.mjs': waitForSignal })
      const program = project.node(['program.mjs'])
      await program.printed('ready')
      program.kill(signal)
      expect(await program.ended).toEqual({
        code: 0,
        signal: null,
        stdout: `ready\ncontext canceled SignalError ERR_SIGNAL ${signal}\ncleaned up\nend\n`,
        stderr: '',
      })
    },
  )

  test.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('%s, and then %s: the second has its usual effect', async (first, second) => {
    using project = new Project({
      'program.mjs': `${imports}
        await run(async (ctx) => {
          console.log('ready')
          await ctx.done.receive()
          console.log('heard')
          await sleep(hour)
        })
      `,
    })
    const program = project.node(['program.mjs'])
    await program.printed('ready')
    program.kill(first)
    await program.printed('heard')
    program.kill(second)
    expect(await program.ended).toMatchObject({ code: null, signal: second })
  })

  test('after run, a signal has its usual effect', async () => {
    using project = new Project({
      'program.mjs': `${imports}await run(() => {})\nconsole.log('ready')\nawait sleep(hour)`,
    })
    const program = project.node(['program.mjs'])
    await program.printed('ready')
    program.kill('SIGINT')
    expect(await program.ended).toMatchObject({ code: null, signal: 'SIGINT' })
  })

  test('with signals: false, a signal has its usual effect', async () => {
    using project = new Project({
      'program.mjs': `${imports}await run(async () => { console.log('ready'); await sleep(hour) }, { signals: false })`,
    })
    const program = project.node(['program.mjs'])
    await program.printed('ready')
    program.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: null, signal: 'SIGTERM' })
  })
})

describe('when main has returned, the program ends in spite of', () => {
  test.each([
    ['async goroutines that sleep', 'go(async () => { await sleep(hour) })'],
    ['async goroutines that are blocked', 'go(async () => { await chan().receive() })'],
    [
      'async goroutines that wait for a ticker',
      'const t = new Ticker(5); go(async () => { for await (const _ of t.c); })',
    ],
    [
      'async goroutines in a select with a timeout',
      'go(async () => { await select({ never, t: new Ticker(hour).c }) })',
    ],
    [
      'async goroutines that wait for a deadline',
      'go(async () => { await withTimeout(background(), hour).done.receive() })',
    ],
    ['afterFunc', 'afterFunc(hour, () => console.log("never"))'],
    ['generator goroutines that sleep', 'go(function* () { yield* sleep(hour) })'],
    ['goroutines that would never stop', 'go(function* () { for (;;) yield* gosched() })'],
    ['async goroutines that sleep again and again', 'go(async () => { for (;;) await sleep(5) })'],
  ])('%s', async (_, source) => {
    const ended = await runWithNode(`${imports}
      const result = await run(async () => {
        ${source}
        await sleep(20)
        return 'result'
      })
      console.log(result)
    `)
    expect(ended).toEqual({ code: 0, signal: null, stdout: 'result\n', stderr: '' })
  })

  test('and what waits after it is waited for', async () => {
    const ended = await runWithNode(`${imports}
      await run(async () => {
        go(async () => { await sleep(hour) })
        await sleep(5)
      })
      await sleep(30)
      console.log('end')
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'end\n', stderr: '' })
  })
})

test('a goroutine that fails while main runs is a panic', async () => {
  const ended = await runWithNode(`${imports}
    await run(async () => {
      go(async () => { throw new Error('boom') })
      await sleep(hour)
    })
  `)
  expect(ended.code).toBe(2)
  expect(ended.stderr).toMatch(/^panic: boom\n/)
})

test('a goroutine that fails because main has returned is none: in Go it would be gone', async () => {
  const ended = await runWithNode(`${imports}
    await run(async (ctx) => {
      go(async () => {
        await ctx.done.receive()
        throw new Error('late')
      })
      await sleep(5)
    })
    await sleep(20)
    console.log('end')
  `)
  expect(ended).toMatchObject({ code: 0, stdout: 'end\n', stderr: '' })
})

test('main that fails is a rejection of run', async () => {
  const ended = await runWithNode(`${imports}
    await run(async () => { throw new Error('boom') }).catch((error) => console.log('caught', error.message))
  `)
  expect(ended).toMatchObject({ code: 0, stdout: 'caught boom\n', stderr: '' })
})

test('main that waits for its context to be done is no deadlock; one that waits for something else under it is', async () => {
  const ended = await runWithNode(`${imports}await run(async (ctx) => { await chan().receive(ctx) })`)
  expect(ended.code).toBe(2)
  expect(ended.stderr).toMatch(/^fatal error: all goroutines are asleep - deadlock!/m)
  using project = new Project({
    'program.mjs': `${imports}await run(async (ctx) => {
      setTimeout(() => console.log('still here'), 50)
      await select({ done: ctx.done })
    })`,
  })
  const program = project.node(['program.mjs'])
  await program.printed('still here')
  program.kill('SIGTERM')
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' })
})

test('a clean-up that blocks for ever is a deadlock, and the dump shows it', async () => {
  const ended = await runWithNode(`${imports}
    await run(async () => {
      go(function* stuck() {
        try { yield* never.receive() } finally { yield* chan().receive() }
      })
      await sleep(5)
    })
  `)
  expect(ended.code).toBe(2)
  expect(ended.stderr).toMatch(
    /^fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 2 \[chan receive\]:\nstuck/m,
  )
})

test('main that ends by goexit leaves the others running', async () => {
  const ended = await runWithNode(`${imports}
    run(async () => {
      go(function* () {
        yield* sleep(20)
        console.log('still here')
        process.exit(0)
      })
      goexit()
    }).then(() => console.log('never'))
  `)
  expect(ended).toMatchObject({ code: 0, stdout: 'still here\n', stderr: '' })
})

test('contexts of two copies of the package derive from each other', async () => {
  using project = new Project({
    'program.mjs': `
      import * as one from 'warren'
      import * as other from './copy/dist/index.js'
      import { contextKey } from './copy/dist/context/index.js'
      const key = contextKey('key')
      const root = one.withTimeout(one.background(), 1e6)
      const middle = other.withValue(other.withCancel(root), key, 'value')
      const leaf = one.withTimeout(one.withCancel(middle), 1e7)
      console.log(root !== middle && one.withCancel !== other.withCancel, leaf.value(key), String(leaf).replace(/\\(.*?\\)/, ''))
      const waits = [one.chan().receive(leaf), other.chan().receive(leaf), leaf.done.receive()]
      root.cancel('why')
      for (const wait of await Promise.allSettled(waits)) console.log(wait.status, wait.reason?.cause)
      console.log(leaf.err === root.err, leaf.err instanceof other.ContextCanceledError)
    `,
  })
  cpSync(join(builtPackage, 'dist'), join(project.path, 'copy/dist'), { recursive: true })
  expect(await project.node(['program.mjs']).ended).toEqual({
    code: 0,
    signal: null,
    stdout: [
      'true value context.Background.WithDeadline.WithCancel.WithValue(key, value).WithCancel.WithCancel',
      'rejected why',
      'rejected why',
      'fulfilled undefined',
      'true true',
      '',
    ].join('\n'),
    stderr: '',
  })
})
