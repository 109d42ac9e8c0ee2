import { describe, expect, test } from 'vitest'
import { runWithWarren } from '../support/program.ts'

const crossing = (style: 'async' | 'generator') => `
  import { go, gosched, Mutex, run } from 'warren'
  const [a, b] = [new Mutex(), new Mutex()]
  ${
    style === 'async'
      ? `const cross = async (first, second) => {
           await first.lock()
           await gosched()
           await second.lock()
         }
         const start = (first, second) => go(async function crossing() { await cross(first, second) })`
      : 'const start = (first, second) => go(function* crossing() { yield* first.lock(); yield* gosched(); yield* second.lock() })'
  }
  await run(async () => {
    start(a, b)
    start(b, a)
    await new Promise((resolve) => setTimeout(resolve, 50))
    console.log('main goes on')
  })
`

const inOrder = `
  import { go, gosched, Mutex, run } from 'warren'
  const [a, b] = [new Mutex(), new Mutex()]
  const pair = async (first: Mutex, second: Mutex) => {
    using _ = await first.lock()
    using _second = await second.lock()
  }
  await run(async () => {
    const one = go(() => pair(a, b))
    for (let i = 0; i < 20; i++) await gosched()
    const two = go(() => pair(b, a))
    await Promise.all([one.join(), two.join()])
    process.exitCode = 5
  })
`

describe('warren run', () => {
  test.each(['async', 'generator'] as const)(
    'reports a deadlock of %s goroutines that main would not notice',
    async (style) => {
      const { code, stdout, stderr } = await runWithWarren(crossing(style))
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'main goes on\n' })
      expect(stderr).toMatch(
        /^deadlock: wait-for cycle:\n {2}goroutine \d+ \(crossing\) waits for sync.Mutex \d+, held by goroutine/,
      )
      expect(stderr).toMatch(/asked for at program\.ts:\d+:\d+ \((cross|crossing)\)/)
    },
  )

  test('reports locks that are taken in different orders, and keeps the exit code', async () => {
    const { code, stderr } = await runWithWarren(inOrder)
    expect(code).toBe(5)
    expect(stderr).toMatch(/^possible deadlock: locks are taken in different orders:\n/)
    expect(stderr.match(/possible deadlock/g)).toHaveLength(1)
    expect(stderr).toMatch(/held at program\.ts:5:\d+ \(pair\)/)
  })

  test('looks for no deadlocks with --no-lock-check', async () => {
    expect(await runWithWarren(inOrder, { options: ['--no-lock-check'] })).toMatchObject({ code: 5, stderr: '' })
  })
})

test('warren run leaves the deadlocks of bubbles to them', async () => {
  const { stderr, stdout } = await runWithWarren(`
    import { go, Mutex } from 'warren'
    import { bubble } from 'warren/testing'
    const body = bubble(async () => {
      const mu = new Mutex()
      await go(function* twice() {
        yield* mu.lock()
        yield* mu.lock()
      }).join()
    })
    await body().catch((error) => console.log(error.message.split('\\n')[0]))
  `)
  expect({ stderr, stdout }).toEqual({ stderr: '', stdout: 'deadlock: all goroutines in bubble are blocked\n' })
})
