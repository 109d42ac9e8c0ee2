// Random sequences of operations against the model of test/support/chan-model.ts: every operation must come to what the
// model says, after every step; and the invariants of chan.ts must hold after every step.
//
// By default a few hundred sequences with a new seed each time; a failure prints its seed and the shortest sequence.
//   WARREN_PROPERTY_RUNS=100000 npx vitest run --project unit test/chan/model    for longer
//   WARREN_PROPERTY_SEED=123 ...                                                   for the same again

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Chan, type Goroutine, type SendChan, select, sending, trySelect } from 'warren'
import { Model, ModelChannel, type ModelOperation, type ModelOutcome } from '../support/chan-model.ts'
import { checkInvariants, everyKind, expectNoWaiters, type Kind } from '../support/kinds.ts'
import { propertyOptions } from '../support/property.ts'
import { asyncStyle, type Body, generatorStyle, idle, Outcome, on } from '../support/styles.ts'

const channelCount = 2
const ch = fc.nat(channelCount - 1)
const isAsync = fc.boolean()
const cases = fc.array(fc.record({ ch, way: fc.constantFrom('receive', 'send', 'null') }), {
  minLength: 1,
  maxLength: 4,
})

const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send'), ch, isAsync, isSelect: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('sendMany'), ch, isAsync, count: fc.nat(5), isIterable: fc.boolean() }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('receive'),
      ch,
      isAsync,
      form: fc.constantFrom('receive', 'next', 'many'),
      max: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('select'), cases, isAsync }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('trySelect'), cases }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('trySend'), ch }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tryReceive'), ch }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill'), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), ch }) },
)
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never

interface Running {
  readonly model: ModelOperation
  readonly real: Outcome<unknown>
  readonly goroutine: Goroutine<unknown>
  readonly isAsync: boolean
  readonly controller: AbortController
}

/** The model and the real channels, side by side. */
class Bench {
  readonly #model = new Model()
  readonly #models: ModelChannel[]
  readonly #channels: Chan<number>[]
  readonly #running: Running[] = []
  #nextValue = 0

  constructor(kinds: readonly Kind[]) {
    this.#models = kinds.map(({ capacity, overflow }) => new ModelChannel(capacity, overflow))
    this.#channels = kinds.map((kind) => kind.make())
  }

  async step(step: Command): Promise<void> {
    this.#do(step)
    await idle()
    this.#model.settle()
    for (const [index, model] of this.#models.entries()) {
      checkInvariants(this.#channels[index])
      expect(this.#channels[index]!.length).toBe(model.buffer.length)
    }
    for (const { model, real } of this.#running) expect(outcomeOf(real)).toEqual(model.outcome)
  }

  /** Closes everything: whoever still waits must be told. */
  async finish(): Promise<void> {
    for (const [index, model] of this.#models.entries()) {
      if (model.closed) continue
      model.close()
      this.#channels[index]!.close()
    }
    await idle()
    this.#model.settle()
    for (const { model, real } of this.#running) expect(outcomeOf(real)).toEqual(model.outcome)
    expectNoWaiters(...this.#channels)
  }

  #do(step: Command): void {
    switch (step.do) {
      case 'send': {
        const [model, real, value] = [this.#models[step.ch]!, this.#channels[step.ch]!, this.#nextValue++]
        if (step.isSelect) this.#select([{ ch: step.ch, way: 'send' }], step.isAsync)
        else this.#run(step.isAsync, this.#model.send(model, value), (ctx) => on1(() => real.send(value, ctx)))
        break
      }
      case 'sendMany': {
        const values = Array.from({ length: step.count }, () => this.#nextValue++)
        const model = this.#model.sendMany(this.#models[step.ch]!, values, step.isIterable)
        const real = this.#channels[step.ch]!
        const given = step.isIterable ? new Set(values) : values
        this.#run(step.isAsync, model, (ctx) => on1(() => real.sendMany(given, ctx)))
        break
      }
      case 'receive': {
        const model = this.#model.receive(this.#models[step.ch]!, step.form as 'many', step.max)
        const real = this.#channels[step.ch]!
        this.#run(step.isAsync, model, (ctx) =>
          on1(() => {
            if (step.form === 'receive') return real.receive(ctx)
            return step.form === 'next' ? real.next(ctx) : real.receiveMany(step.max, ctx)
          }),
        )
        break
      }
      case 'select':
        this.#select(step.cases, step.isAsync)
        break
      case 'trySelect': {
        // At random among ready cases: the model can say only whether there is one. So one case at a time.
        const picked = this.#caseOf(step.cases[0]!)
        const model = this.#model.select([picked.model], false)
        if (model?.outcome !== undefined && 'code' in model.outcome) expect(() => trySelect([picked.real])).toThrow()
        else expect(trySelect([picked.real])).toEqual(model?.outcome && (model.outcome as { value: unknown }).value)
        break
      }
      case 'trySend': {
        const [model, real, value] = [this.#models[step.ch]!, this.#channels[step.ch]!, this.#nextValue++]
        if (model.closed) expect(() => real.trySend(value)).toThrow()
        else if (model.overflow === 'drop-newest' && model.isFull) expect(real.trySend(value)).toBe(false)
        else expect(real.trySend(value)).toBe(model.put(value))
        break
      }
      case 'tryReceive': {
        const [model, real] = [this.#models[step.ch]!, this.#channels[step.ch]!]
        if (model.canReceive) expect(real.tryReceive()).toEqual({ value: model.take(), ok: true })
        else expect(real.tryReceive()).toEqual(model.closed ? { value: undefined, ok: false } : undefined)
        break
      }
      case 'cancel': {
        const running = this.#pending(step.which, () => true)
        running?.model.end({ code: 'ERR_CONTEXT_CANCELED' })
        running?.controller.abort()
        break
      }
      case 'kill': {
        const running = this.#pending(step.which, (each) => !each.isAsync)
        running?.model.end({ code: 'ERR_KILLED' })
        running?.goroutine.kill()
        break
      }
      case 'close': {
        const [model, real] = [this.#models[step.ch]!, this.#channels[step.ch]!]
        if (model.closed) expect(() => real.close()).toThrow()
        else {
          model.close()
          real.close()
        }
      }
    }
  }

  #select(given: readonly { ch: number; way: string }[], isAsync: boolean): void {
    const made = given.map((each) => this.#caseOf(each))
    const model = this.#model.select(
      made.map((each) => each.model),
      true,
    )!
    const real = made.map((each) => each.real)
    this.#run(isAsync, model, (ctx) => on1(() => select(real, { ctx, order: 'listed' })))
  }

  #caseOf({ ch: index, way }: { ch: number; way: string }) {
    const [model, real] = [this.#models[index]!, this.#channels[index]!]
    if (way === 'null') return { model: { ch: null }, real: null }
    if (way === 'receive') return { model: { ch: model }, real }
    const value = this.#nextValue++
    return { model: { ch: model, send: value }, real: sending(real as SendChan<number>, value) }
  }

  #run(isAsync: boolean, model: ModelOperation, body: (ctx: AbortSignal) => Body<unknown>): void {
    const controller = new AbortController()
    const goroutine = (isAsync ? asyncStyle : generatorStyle).go(() => body(controller.signal))
    this.#running.push({ model, goroutine, real: new Outcome(goroutine.join()), isAsync, controller })
  }

  #pending(which: number, isMeant: (running: Running) => boolean): Running | undefined {
    const pending = this.#running.filter((each) => each.model.outcome === undefined && isMeant(each))
    return pending[which % pending.length]
  }
}

/** The call must be made in the goroutine. */
function* on1(call: () => Parameters<typeof on>[0]): Body<unknown> {
  return yield* on(call())
}

function outcomeOf({ state, value, error }: Outcome<unknown>): ModelOutcome | undefined {
  if (state === 'pending') return undefined
  if (state === 'done') return { value }
  const { code, value: unsent } = error as { code: 'ERR_SEND_CLOSED'; value: number }
  return code === 'ERR_SEND_CLOSED' ? { code, unsent } : { code }
}

// Small ones, which are often full, and mostly such on which a sender waits.
const kinds = everyKind.filter(({ capacity }) => capacity <= 3)
const blocking = kinds.filter(({ overflow }) => overflow === 'block')
const someKinds = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...blocking) }, fc.constantFrom(...kinds)),
  { minLength: channelCount, maxLength: channelCount },
)

test('channels do what the model does, step by step', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(someKinds, fc.array(command, { maxLength: 60, size: 'max' }), async (chosen, commands) => {
      const bench = new Bench(chosen)
      for (const step of commands) await bench.step(step)
      await bench.finish()
    }),
    propertyOptions(300),
  )
})
