import { afterEach, describe, expect, test } from 'vitest'
import { chan, go, sleep } from 'warren'
import { bubble, explore } from 'warren/testing'
import { Project } from '../support/program.ts'
import { reasonOf } from './failures.ts'

const boom = new Error('boom')

async function fails(): Promise<void> {
  await null
  throw boom
}

describe('a promise that is rejected in a bubble, and that nobody handles', () => {
  const listeners = process.listeners('unhandledRejection')
  afterEach(() => expect(process.listeners('unhandledRejection')).toEqual(listeners))

  test('fails the bubble, while its body waits', async () => {
    const error = reasonOf(
      bubble(async () => {
        void fails()
        await sleep(1000)
        await chan().receive()
      })(),
    )
    expect(await error).toBe(boom)
  })

  test('fails the bubble, when its body has just returned', async () => {
    expect(
      await reasonOf(
        bubble(async () => {
          void Promise.reject(boom)
        })(),
      ),
    ).toBe(boom)
  })

  test('fails the schedule that it belongs to', async () => {
    let runs = 0
    const error = await reasonOf(
      explore({ strategy: 'dfs' }, async () => {
        runs++
        let isSet = false
        go(async () => {
          isSet = true
        })
        go(async () => {
          if (!isSet) void fails()
        })
      })(),
    )
    expect(error).toMatchObject({ kind: 'throw', cause: boom })
    expect(runs).toBeGreaterThan(1)
  })

  test('is no failure when it is handled late, but before the next turn of the event loop', async () => {
    await bubble(async () => {
      const rejected = Promise.reject(boom)
      await null
      expect(await reasonOf(rejected)).toBe(boom)
    })()
  })
})

test('outside every bubble it ends the program, or is for its listeners, as ever', async () => {
  const source = `
import { bubble } from 'warren/testing'
import { sleep } from 'warren'
const test = bubble(async () => { await new Promise((r) => setImmediate(r)); await sleep(10) })
if (process.env.LISTENS) process.on('unhandledRejection', (e) => console.log('told of', e.message))
const running = test()
Promise.reject(new Error('outside'))
await running
console.log('done')
`
  using project = new Project({ 'program.mjs': source })
  const listens = await project.node(['program.mjs'], { LISTENS: '1' }).ended
  expect(listens).toMatchObject({ code: 0, stdout: 'told of outside\ndone\n' })
  const crashes = await project.node(['program.mjs']).ended
  expect(crashes.code).toBe(1)
  expect(crashes.stderr).toContain('Error: outside')
})
