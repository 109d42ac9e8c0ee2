// Random sequences on a broadcast against a model of a few lines. WARREN_PROPERTY_RUNS and WARREN_PROPERTY_SEED as in
// model.property.test.ts.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { broadcast, type Subscription } from 'warren'
import { checkInvariants } from '../support/kinds.ts'
import { propertyOptions } from '../support/property.ts'
import { idle, Outcome } from '../support/styles.ts'

type Lag = 'block' | 'drop-oldest' | 'drop-newest'

interface ModelSubscription {
  readonly buffer: number[]
  missed: number
  left: boolean
}

interface ModelSend {
  readonly value: number
  state: 'pending' | 'done' | 'failed'
}

class Model {
  readonly subscriptions: ModelSubscription[] = []
  readonly sends: ModelSend[] = []
  closed = false
  readonly #capacity: number
  readonly #lag: Lag

  constructor(capacity: number, lag: Lag) {
    this.#capacity = capacity
    this.#lag = lag
  }

  get joined(): ModelSubscription[] {
    return this.closed ? [] : this.subscriptions.filter(({ left }) => !left)
  }

  /** Values reach everybody, in the order of the sends, as long as nobody would block. */
  settle(): void {
    for (const send of this.sends) {
      if (send.state !== 'pending') continue
      if (this.#lag === 'block' && this.joined.some(({ buffer }) => buffer.length === this.#capacity)) return
      for (const each of this.joined) {
        each.buffer.push(send.value)
        if (each.buffer.length <= this.#capacity) continue
        each.missed++
        if (this.#lag === 'drop-oldest') each.buffer.shift()
        else each.buffer.pop()
      }
      send.state = 'done'
    }
  }

  close(): void {
    this.closed = true
    for (const send of this.sends) if (send.state === 'pending') send.state = 'failed'
  }
}

const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('send', 'trySend') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('take', 'takeMany'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('unsubscribe', 'cancel'), which: fc.nat() }) },
)

test('a broadcast does what its model does, step by step', { timeout: 3_600_000 }, async () => {
  const options = fc.record({
    capacity: fc.integer({ min: 1, max: 3 }),
    lag: fc.constantFrom<Lag[]>('block', 'drop-oldest', 'drop-newest'),
  })
  await fc.assert(
    fc.asyncProperty(options, fc.array(command, { maxLength: 50, size: 'max' }), async (given, commands) => {
      const model = new Model(given.capacity, given.lag)
      const hub = broadcast<number>(given)
      const subscriptions: Subscription<number>[] = []
      const sends: { outcome: Outcome<void>; controller: AbortController }[] = []
      let nextValue = 0
      const send = (): void => {
        const controller = new AbortController()
        model.sends.push({ value: nextValue, state: 'pending' })
        sends.push({ outcome: new Outcome(hub.send(nextValue++, controller.signal)), controller })
      }
      for (const step of commands) {
        const index = 'which' in step && step.which !== undefined ? step.which % (subscriptions.length || 1) : 0
        const [subscription, modelled] = [subscriptions[index], model.subscriptions[index]]
        if (step.do === 'send') send()
        else if (step.do === 'trySend') {
          const waits = model.sends.some(({ state }) => state === 'pending')
          const isBlocked = given.lag === 'block' && model.joined.some(({ buffer }) => buffer.length === given.capacity)
          expect(hub.trySend(nextValue)).toBe(!waits && !isBlocked)
          if (!waits && !isBlocked) {
            model.sends.push({ value: nextValue, state: 'pending' })
            sends.push({ outcome: new Outcome(Promise.resolve()), controller: new AbortController() })
          }
          nextValue++
        } else if (step.do === 'subscribe') {
          subscriptions.push(hub.subscribe())
          model.subscriptions.push({ buffer: [], missed: 0, left: false })
        } else if (step.do === 'unsubscribe' && subscription !== undefined) {
          subscription.unsubscribe()
          modelled!.left = true
        } else if (step.do === 'cancel') {
          const pending = model.sends.findIndex(({ state }) => state === 'pending')
          sends[pending]?.controller.abort()
          if (pending >= 0) model.sends[pending]!.state = 'failed'
        } else if (step.do === 'take' && modelled !== undefined) {
          const value = modelled.buffer.shift()
          const isEnded = value === undefined && modelled.left
          expect(subscription!.tryReceive()).toEqual(
            isEnded ? { value, ok: false } : value === undefined ? value : { value, ok: true },
          )
        } else if (step.do === 'takeMany' && modelled !== undefined && modelled.buffer.length > 0) {
          expect(await subscription!.receiveMany()).toEqual(modelled.buffer.splice(0))
        }
        model.settle()
        await idle()
        expect(sends.map(({ outcome }) => outcome.state)).toEqual(model.sends.map(({ state }) => state))
        expect(subscriptions.map(({ length, missed }) => [length, missed])).toEqual(
          model.subscriptions.map(({ buffer, missed }) => [buffer.length, missed]),
        )
        expect(hub.subscribers).toBe(model.joined.length)
        for (const each of subscriptions) checkInvariants(each)
      }
      hub.close()
      model.close()
      await idle()
      expect(sends.map(({ outcome }) => outcome.state)).toEqual(model.sends.map(({ state }) => state))
      for (const [index, { buffer }] of model.subscriptions.entries()) {
        expect(await subscriptions[index]!.receiveMany()).toEqual(buffer)
      }
    }),
    propertyOptions(300),
  )
})
