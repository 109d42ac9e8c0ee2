import { describe, expect, test } from 'vitest'
import { type Ended, type ProgramOptions, runWithNode, runWithWarren } from '../support/program.ts'

const runners: readonly { name: string; run: (source: string, options?: ProgramOptions) => Promise<Ended> }[] = [
  { name: 'warren run', run: runWithWarren },
  { name: 'node', run: runWithNode },
]

const imports = `
import { background, chan, go, withCancel } from 'warren'
const turn = () => new Promise((resolve) => setImmediate(resolve))
`

describe.each(runners)('under $name', ({ run }) => {
  test.each([
    { name: 'an async body', start: 'go(async function work() { throw new Error("boom") })' },
    { name: 'a generator body', start: 'go(function* work() { throw new Error("boom") })' },
    { name: 'a plain body', start: 'go(function work() { throw new Error("boom") })' },
  ])('an error of $name that nobody joins is a panic', async ({ start }) => {
    const ended = await run(`${imports}${start}\nawait chan().receive()`)
    expect(ended.stderr).toMatch(/^panic: boom\n\ngoroutine 2 \[running\]:\nwork\(\.\.\.\)\n\tprogram\.m?[tj]s:4:\d+\n/)
    expect(ended.code).toBe(2)
    expect(ended.stdout).toBe('')
  })

  test('anything may be thrown', async () => {
    const ended = await run(`${imports}go(function* () { throw { code: 7 } })\nawait chan().receive()`)
    expect(ended.stderr).toMatch(/^panic: \{"code":7\}\n\ngoroutine 2 \[running\]:\n/)
    expect(ended.code).toBe(2)
  })

  test("misuse is a panic with Go's message", async () => {
    const ended = await run(`${imports}
      const ch = chan()
      ch.close()
      go(async () => { await ch.send(1) })
      await chan().receive()
    `)
    expect(ended.stderr).toMatch(/^panic: send on closed channel\n\ngoroutine 2 \[running\]:\n/)
    expect(ended.code).toBe(2)
  })

  test('an error that is joined within one macrotask is none', async () => {
    const ended = await run(`${imports}
      const failing = go(function* () { throw new Error('boom') })
      await new Promise((resolve) => process.nextTick(resolve))
      await failing.join().catch((error) => console.log('joined:', error.message))
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'joined: boom\n', stderr: '' })
  })

  test('an error is one when whoever joined gave up before it', async () => {
    const ended = await run(`${imports}
      const gate = chan()
      const failing = go(async () => { await gate.receive(); throw new Error('boom') })
      const ctx = withCancel(background())
      const joined = failing.join(ctx).catch((error) => console.log('gave up:', error.message))
      ctx.cancel()
      await joined
      gate.close()
      await chan().receive()
    `)
    expect(ended.stderr).toMatch(/^panic: boom\n/)
    expect(ended).toMatchObject({ code: 2, stdout: 'gave up: context canceled\n' })
  })

  test.each([
    { name: 'the reason of the signal of a context', body: 'await turn(); ctx.signal.throwIfAborted()' },
    {
      name: 'an AbortError',
      body: "await (await import('node:timers/promises')).setTimeout(1e6, 0, { signal: ctx.signal })",
    },
    {
      name: "an error caused by a context's",
      body: "await turn(); throw new Error('while loading', { cause: ctx.err })",
    },
  ])('to end with $name is none: somebody said stop', async ({ body }) => {
    const ended = await run(`${imports}
      const ctx = withCancel(background())
      go(async () => { ${body} })
      await Promise.resolve()
      ctx.cancel(new Error('enough'))
      for (let i = 0; i < 5; i++) await turn()
      console.log('alive')
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'alive\n', stderr: '' })
  })

  test('an error that is joined too late is one', async () => {
    const ended = await run(`${imports}
      const failing = go(function* () { throw new Error('boom') })
      for (let i = 0; i < 3; i++) await turn()
      await failing.join().catch(() => console.log('joined'))
    `)
    expect(ended.stderr).toMatch(/^panic: boom\n/)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
  })

  test('the end of a context and kill are none', async () => {
    const ended = await run(`${imports}
      const ctx = withCancel(background())
      const canceled = go(async () => { await chan().receive(ctx) })
      const killed = go(function* () { yield* chan().receive() })
      await turn()
      ctx.cancel()
      killed.kill('enough')
      for (let i = 0; i < 3; i++) await turn()
      console.log('alive')
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'alive\n', stderr: '' })
  })

  test('an uncaughtException listener gets the error instead', async () => {
    const ended = await run(`${imports}
      process.on('uncaughtException', (error) => { console.log('caught:', error.message) })
      go(async () => { throw new Error('boom') })
      for (let i = 0; i < 3; i++) await turn()
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'caught: boom\n', stderr: '' })
  })

  test('finally blocks run, and output is written, before it', async () => {
    const ended = await run(`${imports}
      go(function* () {
        try { throw new Error('boom') } finally { console.log('before the panic') }
      })
      await chan().receive()
    `)
    expect(ended).toMatchObject({ code: 2, stdout: 'before the panic\n' })
  })
})

describe('where sites are recorded', () => {
  test.each([
    { name: 'warren run', run: runWithWarren },
    {
      name: 'node with WARREN_DEBUG=1',
      run: (source: string) => runWithNode(source, { env: { WARREN_DEBUG: '1' } }),
    },
  ])('a panic says who started the goroutine, and where, under $name', async ({ run }) => {
    const ended = await run(`${imports}function starter() {
  go(async function work() { throw new Error('boom') })
}
starter()
await chan().receive()
`)
    expect(ended.stderr).toMatch(/\ncreated by starter in goroutine 1\n\tprogram\.m?[tj]s:5:3\n$/)
  })
})
