// Killing a goroutine that is blocked, in every operation.

import { describe, expect, test } from 'vitest'
import { type Chan, chan, go, select, sending, wait } from 'warren'
import { receiveForms, sendForms } from '../support/forms.ts'
import { expectKilled } from '../support/killed.ts'
import { expectNoWaiters } from '../support/kinds.ts'
import { type Body, idle } from '../support/styles.ts'

interface Blocked {
  readonly channels: readonly Chan<number>[]
  body(): Body<unknown>
}

const signal = new AbortController().signal

const blocked: Record<string, () => Blocked> = {}
for (const [form, receive] of Object.entries(receiveForms)) {
  for (const ctx of [undefined, signal]) {
    blocked[ctx ? `${form} under a context` : form] = () => {
      const ch = chan<number>()
      return { channels: [ch], body: () => receive(ch, ctx) }
    }
  }
}
for (const [form, send] of Object.entries(sendForms)) {
  for (const ctx of [undefined, signal]) {
    blocked[ctx ? `${form} under a context` : form] = () => {
      const ch = chan<number>()
      return { channels: [ch], body: () => send(ch, 1, ctx) }
    }
  }
}
Object.assign(blocked, {
  'a select of many cases': () => {
    const channels = Array.from({ length: 6 }, () => chan<number>())
    return {
      channels,
      *body() {
        yield* select(channels.map((ch, i) => (i % 2 === 0 ? ch : sending(ch, i))))
      },
    }
  },
  'a select without cases': () => ({
    channels: [],
    *body() {
      yield* select({})
    },
  }),
  join: () => ({
    channels: [],
    *body() {
      yield* go(async () => new Promise(() => {})).join()
    },
  }),
  'a promise': () => ({
    channels: [],
    *body() {
      yield* wait(new Promise(() => {}))
    },
  }),
  'an operation made outside': () => {
    const operation = chan<number>().receive()
    return {
      channels: [],
      *body() {
        yield* operation
      },
    }
  },
  'an operation within nested generators': () => {
    const ch = chan<number>()
    function* inner(depth: number): Body {
      if (depth === 0) yield* ch.receive()
      else yield* inner(depth - 1)
    }
    return { channels: [ch], body: () => inner(5) }
  },
} satisfies Record<string, () => Blocked>)

describe('a goroutine that is blocked', () => {
  for (const [name, make] of Object.entries(blocked)) {
    test(`in ${name} is taken out of it, and runs its finally blocks`, async () => {
      const { channels, body } = make()
      const steps: string[] = []
      const goroutine = go(function* () {
        try {
          yield* body()
          steps.push('went on')
        } catch {
          steps.push('caught')
        } finally {
          steps.push('finally')
        }
      })
      await idle()
      goroutine.kill('reason')
      // In the same step: nothing can be handed to it any more.
      expectNoWaiters(...channels)
      expect(steps).toEqual([])
      await expectKilled(goroutine, 'reason')
      expect(steps).toEqual(['finally'])
      for (const ch of channels) expect([ch.tryReceive(), ch.trySend(1)]).toEqual([undefined, false])
    })
  }
})
