// Bubbles under other runners than this one: node:test, and none at all.
import { expect, test } from 'vitest'
import { Project } from '../support/program.ts'

const suite = `
  import assert from 'node:assert'
  import { beforeEach, describe, mock, test } from 'node:test'
  import { chan, go, sleep } from 'warren'
  import { bubble } from 'warren/testing'

  let ch
  beforeEach(() => { ch = chan() })

  test('an hour', bubble(async (t) => {
    go(async () => {
      await sleep(3_600_000)
      await ch.send('hello')
    })
    assert.equal(await ch.receive(), 'hello')
    assert.equal(t.now(), 3_600_000)
    assert.equal(new Date().toISOString(), '2000-01-01T01:00:00.000Z')
  }))

  describe('at once', { concurrency: true }, () => {
    for (let i = 1; i <= 5; i++) {
      test('bubble ' + i, bubble(async (t) => {
        for (let j = 0; j < 100; j++) await new Promise((resolve) => setTimeout(resolve, i))
        assert.equal(t.now(), 100 * i)
      }))
    }
  })

  test('a deadlock', bubble(async () => { await chan().receive() }))
`

test('a suite of node:test runs in virtual time, and a deadlock is one failure with a dump', async () => {
  using project = new Project({ 'suite.test.mjs': suite })
  const { code, stdout } = await project.node(['--test', '--test-reporter=tap', 'suite.test.mjs']).ended
  expect(stdout).toMatch(/ok \d+ - an hour/)
  expect(stdout).toMatch(/# pass [67]\n# fail 1\n/)
  expect(stdout).toContain('deadlock: all goroutines in bubble are blocked')
  expect(stdout).toMatch(/goroutine 1 \[chan receive\]/)
  expect(code).toBe(1)
})

test('a plain script may use bubbles, and ends by itself', async () => {
  using project = new Project({
    'main.mjs': `
      import { setTimeout as wait } from 'node:timers/promises'
      import { readFile } from 'node:fs/promises'
      import { sleep } from 'warren'
      import { bubble } from 'warren/testing'
      const results = []
      const inside = bubble(async (t) => {
        const interval = setInterval(() => {}, 1000)
        await sleep(86_400_000)
        await wait(1000)
        await readFile('main.mjs')
        const { answer } = await import('./other.mjs')
        results.push(t.now(), Date.now() < Date.UTC(2001), answer, Math.random())
      })
      await inside()
      await inside()
      const real = Date.now()
      await sleep(20)
      console.log(results.slice(0, 3), results[3] === results[7], Date.now() - real > 10, real > Date.UTC(2020))
    `,
    'other.mjs': 'await new Promise((resolve) => setTimeout(resolve, 5)); export const answer = 42',
  })
  const { code, stdout, stderr } = await project.node(['main.mjs']).ended
  expect(stderr).toBe('')
  expect(stdout).toBe('[ 86401005, true, 42 ] true true true\n')
  expect(code).toBe(0)
})

test('a script whose bubble fails ends with its error', async () => {
  using project = new Project({
    'main.mjs': `
      import { chan, go } from 'warren'
      import { bubble } from 'warren/testing'
      await bubble(() => { go(async function stuck() { await chan().receive() }) })()
    `,
  })
  const { code, stderr } = await project.node(['main.mjs']).ended
  expect(stderr).toContain('deadlock: main bubble goroutine has exited but blocked goroutines remain')
  expect(stderr).toMatch(/goroutine 2 \[chan receive\]:\nstuck\(/)
  expect(code).toBe(1)
})
