// Tests that the runner starts in the same step. In a file of its own: no asynchronous context has been used before.
import { describe, expect, test } from 'vitest'
import { chan, go, sleep } from 'warren'
import { expectNoLeaks, LeakError } from 'warren/testing'

const kept: unknown[] = []

describe.concurrent('tests at the same time do not blame each other', () => {
  for (let round = 0; round < 3; round++) {
    test(`one that is clean (${round})`, async () => {
      await using _ = expectNoLeaks()
      for (let i = 0; i < 5; i++) {
        await sleep(2)
        go(() => sleep(1))
      }
    })

    test(`one that leaks (${round})`, async () => {
      const error: unknown = await (async () => {
        await using _ = expectNoLeaks()
        for (let i = 0; i < 5; i++) {
          await sleep(2)
          go(async function lost() {
            await chan().receive()
          })
        }
      })().catch((reason: unknown) => reason)
      if (!(error instanceof LeakError)) throw new Error('no leak was found', { cause: error })
      expect(error.leaks.map(({ goroutine }) => goroutine.name)).toEqual(Array(5).fill('lost'))
    })

    test(`one that leaks and does not look (${round})`, async () => {
      for (let i = 0; i < 20; i++) {
        await sleep(2)
        const gate = chan()
        kept.push(gate)
        go(async function unnoticed() {
          await gate.receive()
        })
      }
    })
  }
})
