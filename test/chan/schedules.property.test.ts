// Random programs: goroutines of both styles with random steps, which cancel and kill each other. Whatever happens, no
// value may be lost or doubled, the order of each sender must hold for each receiver, and no waiter may be left.
//
// WARREN_PROPERTY_RUNS and WARREN_PROPERTY_SEED as in model.property.test.ts; the choices of select follow the seed too.

import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Chan, type Goroutine, gosched, select, sending, trySelect } from 'warren'
import { SeededDecisions } from '../../src/runtime/decisions.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { checkInvariants, expectNoWaiters, type Kind, lossless } from '../support/kinds.ts'
import { propertyOptions } from '../support/property.ts'
import { asyncStyle, type Body, generatorStyle, idle, on } from '../support/styles.ts'

const channelCount = 3
const actorCount = 8
const ch = fc.nat(channelCount - 1)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send'), ch }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sendMany'), ch, count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('receive', 'next', 'receiveMany', 'tryReceive'), ch }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('select', 'trySelect'),
      cases: fc.array(fc.record({ ch, isSend: fc.boolean() }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('gosched'), times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel', 'kill'), whom: fc.nat(actorCount - 1) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const program = fc.record({
  decisions: fc.nat(),
  kinds: fc.array(fc.constantFrom(...lossless.filter(({ capacity }) => capacity <= 3)), {
    minLength: channelCount,
    maxLength: channelCount,
  }),
  actors: fc.array(fc.record({ isAsync: fc.boolean(), steps: fc.array(step, { maxLength: 30, size: 'max' }) }), {
    minLength: 2,
    maxLength: actorCount,
  }),
})

/** A value knows where it comes from. */
interface Parcel {
  readonly ch: number
  readonly sender: number
  readonly number: number
  /** Its sender has been told so. */
  isSent: boolean
  received: number
}

class Run {
  readonly #channels: readonly Chan<Parcel>[]
  readonly #controllers: AbortController[] = []
  readonly #goroutines: Goroutine<void>[] = []
  readonly #isAsync: boolean[] = []
  #nextNumber = 0
  /** What was offered one by one; batches are kept apart. */
  readonly #parcels: Parcel[] = []
  readonly #batches: Parcel[][] = []
  /** What each actor received, in order. */
  readonly #received: Parcel[][] = []

  constructor(kinds: readonly Kind[]) {
    this.#channels = kinds.map((kind) => kind.make())
  }

  start(isAsync: boolean, steps: readonly Step[]): void {
    const self = this.#goroutines.length
    this.#controllers.push(new AbortController())
    this.#isAsync.push(isAsync)
    this.#received.push([])
    const goroutine = (isAsync ? asyncStyle : generatorStyle).go(() => this.#act(self, steps))
    this.#goroutines.push(goroutine)
    goroutine.join().catch((error: { code?: string }) => {
      if (error.code !== 'ERR_CONTEXT_CANCELED' && error.code !== 'ERR_KILLED') throw error
    })
  }

  async finish(): Promise<void> {
    await idle()
    for (const channel of this.#channels) checkInvariants(channel)
    // Whoever is still blocked is cancelled or killed, one by one; what is left in the channels is taken out.
    for (const index of this.#goroutines.keys()) this.#stop(index, index % 2 === 0)
    await idle()
    expectNoWaiters(...this.#channels)
    const rest: Parcel[] = []
    for (const channel of this.#channels) {
      for (let got = channel.tryReceive(); got !== undefined; got = channel.tryReceive()) take(rest, got.value!)
    }
    this.#received.push(rest)
    this.#check()
  }

  #check(): void {
    for (const { isSent, received } of this.#parcels) {
      if (isSent) expect(received, 'what was sent is received once').toBe(1)
      else expect(received, 'what was not sent is not received').toBe(0)
    }
    for (const batch of this.#batches) {
      const sent = batch.findIndex(({ received }) => received === 0)
      const count = sent < 0 ? batch.length : sent
      expect(
        batch.map(({ received }) => received),
        'of a batch a first part is received',
      ).toEqual(batch.map((_, index) => (index < count ? 1 : 0)))
      if (batch[0]!.isSent) expect(count).toBe(batch.length)
    }
    for (const parcels of this.#received) {
      const last = new Map<string, number>()
      for (const { ch: from, sender, number } of parcels) {
        const key = `${from} ${sender}`
        expect(number, 'the order of a sender on a channel holds').toBeGreaterThan(last.get(key) ?? -1)
        last.set(key, number)
      }
    }
  }

  #stop(index: number, byCancel: boolean): void {
    if (byCancel || this.#isAsync[index]) this.#controllers[index]?.abort()
    else this.#goroutines[index]?.kill()
  }

  #offer(sender: number, to: number): Parcel {
    const parcel = this.#make(sender, to)
    this.#parcels.push(parcel)
    return parcel
  }

  #make(sender: number, to: number): Parcel {
    return { ch: to, sender, number: this.#nextNumber++, isSent: false, received: 0 }
  }

  *#act(self: number, steps: readonly Step[]): Body {
    const { signal } = this.#controllers[self]!
    const mine = this.#received[self]!
    for (const each of steps) {
      switch (each.do) {
        case 'send': {
          const parcel = this.#offer(self, each.ch)
          yield* on(this.#channels[each.ch]!.send(parcel, signal))
          parcel.isSent = true
          break
        }
        case 'sendMany': {
          const batch = Array.from({ length: each.count }, () => this.#make(self, each.ch))
          this.#batches.push(batch)
          yield* on(this.#channels[each.ch]!.sendMany(batch.length % 2 === 0 ? batch : new Set(batch), signal))
          for (const parcel of batch) parcel.isSent = true
          break
        }
        case 'receive':
          take(mine, (yield* on(this.#channels[each.ch]!.receive(signal)))!)
          break
        case 'next':
          take(mine, (yield* on(this.#channels[each.ch]!.next(signal))).value!)
          break
        case 'receiveMany':
          for (const parcel of yield* on(this.#channels[each.ch]!.receiveMany(signal))) take(mine, parcel)
          break
        case 'tryReceive': {
          const got = this.#channels[each.ch]!.tryReceive()
          if (got?.ok) take(mine, got.value)
          break
        }
        case 'select':
        case 'trySelect': {
          const offers = each.cases.map((one) => (one.isSend ? this.#offer(self, one.ch) : undefined))
          const cases = each.cases.map((one, index) => {
            const channel = this.#channels[one.ch]!
            const offer = offers[index]
            return offer === undefined ? channel : sending(channel, offer)
          })
          const picked = each.do === 'trySelect' ? trySelect(cases) : yield* on(select(cases, { ctx: signal }))
          if (picked === undefined) break
          const offer = offers[picked.case]
          if (offer === undefined) take(mine, picked.value as Parcel)
          else offer.isSent = true
          break
        }
        case 'gosched':
          for (let i = 0; i < each.times; i++) yield* on(gosched())
          break
        default:
          this.#stop(each.whom, each.do === 'cancel')
      }
    }
  }
}

function take(received: Parcel[], parcel: Parcel): void {
  parcel.received++
  received.push(parcel)
}

const { decisions } = scheduler
afterEach(() => {
  scheduler.decisions = decisions
})

test('random programs lose nothing, double nothing and leave nothing', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(program, async ({ decisions: seed, kinds, actors }) => {
      scheduler.decisions = new SeededDecisions(seed)
      const run = new Run(kinds)
      for (const { isAsync, steps } of actors) run.start(isAsync, steps)
      await run.finish()
    }),
    propertyOptions(300),
  )
})
