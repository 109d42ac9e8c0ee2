// Cancellation at every step: each kind of stage, ended at each moment at which anything happens in it.
import { describe, expect, test } from 'vitest'
import { background, type CancelableContext, chan, go, numGoroutine, type ReceiveChan, withCancel } from 'warren'
import { collect, fromIterable, generate } from 'warren/pipeline'
import { expectHoldsNothing } from '../support/scopes.ts'
import { everyStage, type StageKind } from '../support/stage-kinds.ts'
import { listenersOn, TrackedAsyncSource, TrackedSource, upTo } from '../support/stages.ts'
import { idle } from '../support/styles.ts'

const values = upTo(6)

/** Counts what happens, and does something at one moment. */
class Moments {
  count = 0
  readonly #at: number
  readonly #action: () => void

  constructor(at: number, action: () => void) {
    this.#at = at
    this.#action = action
  }

  pass(): void {
    if (this.count++ === this.#at) this.#action()
  }

  get hasCome(): boolean {
    return this.count > this.#at
  }
}

interface Input {
  readonly ch: ReceiveChan<number>
  /** Fails unless what was made for the input is gone. */
  check(received: number, kind: StageKind): Promise<void>
}

/** What a stage reads from; each tells of every value that is taken from it. */
const inputs: Record<string, (pass: () => void, ctx: CancelableContext | undefined) => Input> = {
  'an iterable': (pass) => {
    const source = new TrackedSource(values, pass)
    return { ch: fromIterable(source), check: async (_, kind) => checkIterable(source, kind) }
  },
  'an async iterable': (pass) => {
    const source = new TrackedAsyncSource(values, pass)
    return { ch: fromIterable(source), check: async (_, kind) => checkIterable(source, kind) }
  },
  'an async producer': (pass) => {
    let hasEnded = true
    const ch = generate<number>(async (out) => {
      hasEnded = false
      try {
        for (const n of values) {
          await out.send(n)
          pass()
        }
      } finally {
        hasEnded = true
      }
    })
    return { ch, check: async () => expect(hasEnded, 'the producer is unwound').toBe(true) }
  },
  'a generator that produces': (pass) => {
    let hasEnded = true
    const ch = generate<number>(function* (out) {
      hasEnded = false
      try {
        for (const n of values) {
          yield* out.send(n)
          pass()
        }
      } finally {
        hasEnded = true
      }
    })
    return { ch, check: async () => expect(hasEnded, 'the producer is unwound').toBe(true) }
  },
  'an ordinary channel': (pass) => {
    const ch = chan<number>()
    const stop = withCancel(background())
    let sent = 0
    go(async () => {
      for (const n of values) {
        await ch.send(n, stop)
        sent++
        pass()
      }
      ch.close()
    })
    return {
      ch,
      async check(received, kind) {
        if (sent < values.length) {
          expect(ch.tryReceive(), 'the next value is still in the channel').toEqual({ value: sent + 1, ok: true })
          expect(received, 'nothing is lost but what was on its way').toBeGreaterThanOrEqual(sent - kind.most)
        }
        stop.cancel()
        await idle()
      },
    }
  },
}

function checkIterable(source: { readonly read: number; readonly isOver: boolean }, kind: StageKind): void {
  expect(source.isOver, `${kind.name} tells the iterable`).toBe(true)
}

/** Runs a stage over an input until `action` comes at the moment `at`, or to its end; says whether it came. */
async function run(kind: StageKind, makeInput: keyof typeof inputs, at: number, way: Way): Promise<boolean> {
  const before = numGoroutine()
  const ending = way.begin()
  const moments = new Moments(at, ending.act)
  const input = inputs[makeInput]!(() => moments.pass(), undefined)
  const out = kind.make(input.ch, ending.ctx === undefined ? {} : { ctx: ending.ctx }, () => moments.pass())
  const received = new Set<number>()
  moments.pass() // before anybody reads
  const error = await ending.read(out, (value) => {
    for (const n of [value].flat(1)) received.add(n as number)
    moments.pass()
  })
  await idle()
  const where = `${kind.name} over ${makeInput}, ended at moment ${at}`
  if (moments.hasCome) {
    ending.check(error, where)
    expect(state(out), where).toBe('closed')
  } else {
    expect(error, where).toBeUndefined()
  }
  await input.check(ending.sees ? received.size : values.length, kind)
  await idle()
  expect(numGoroutine() - before, where).toBe(0)
  ending.after(where)
  return moments.hasCome
}

function state(ch: ReceiveChan<unknown>): string {
  const got = ch.tryReceive()
  return got === undefined ? 'open' : got.ok ? 'has a value' : 'closed'
}

interface Ending {
  /** Whether it looks at each value. */
  readonly sees: boolean
  readonly ctx: CancelableContext | AbortSignal | undefined
  act(): void
  read(out: ReceiveChan<unknown>, got: (value: unknown) => void): Promise<unknown>
  check(error: unknown, where: string): void
  /** When all has ended. */
  after(where: string): void
}

interface Way {
  readonly title: string
  begin(): Ending
}

async function readAll(out: ReceiveChan<unknown>, got: (value: unknown) => void): Promise<unknown> {
  try {
    for await (const value of out) got(value)
    return undefined
  } catch (error) {
    return error
  }
}

const ways: readonly Way[] = [
  {
    title: 'its context is cancelled',
    begin() {
      const ctx = withCancel(background())
      return {
        sees: true,
        ctx,
        act: () => ctx.cancel(),
        read: readAll,
        check: (error, where) => expect(error, where).toBeUndefined(),
        after: () => expectHoldsNothing(ctx),
      }
    },
  },
  {
    title: 'its context is cancelled by another goroutine',
    begin() {
      const ctx = withCancel(background())
      return {
        sees: true,
        ctx,
        act: () =>
          void go(function* () {
            ctx.cancel()
          }),
        read: readAll,
        check: (error, where) => expect(error, where).toBeUndefined(),
        after: () => expectHoldsNothing(ctx),
      }
    },
  },
  {
    title: 'its signal aborts',
    begin() {
      const controller = new AbortController()
      return {
        sees: true,
        ctx: controller.signal,
        act: () => controller.abort(),
        read: readAll,
        check: (error, where) => expect(error, where).toBeUndefined(),
        after: (where) => expect(listenersOn(controller.signal), where).toBe(0),
      }
    },
  },
  {
    title: 'its reader leaves the loop',
    begin() {
      const ctx = withCancel(background())
      let leaves = false
      return {
        sees: true,
        ctx,
        act: () => {
          leaves = true
        },
        async read(out, got) {
          const iterator = out[Symbol.asyncIterator]()
          while (!leaves) {
            const result = await iterator.next()
            if (result.done === true) return undefined
            got(result.value)
          }
          await iterator.return?.()
          return undefined
        },
        check: (error, where) => expect(error, where).toBeUndefined(),
        after: () => expectHoldsNothing(ctx),
      }
    },
  },
  {
    title: 'whoever collects it gives up',
    begin() {
      const [ctx, long] = [withCancel(background()), withCancel(background())]
      return {
        sees: false,
        ctx: long,
        act: () => ctx.cancel(),
        read: (out) =>
          collect(out, ctx).then(
            () => undefined,
            (error: unknown) => error,
          ),
        check: (error, where) => expect(error, where).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' }),
        after: () => {
          expectHoldsNothing(ctx)
          expectHoldsNothing(long)
        },
      }
    },
  },
  {
    title: 'the goroutine that collects it is killed',
    begin() {
      const long = withCancel(background())
      let kill = (): void => {}
      return {
        sees: false,
        ctx: long,
        act: () => kill(),
        read(out) {
          const goroutine = go(function* () {
            kill = () => goroutine.kill()
            yield* collect(out)
          })
          return goroutine.join().then(
            () => undefined,
            (error: unknown) => error,
          )
        },
        check: () => {},
        after: () => expectHoldsNothing(long),
      }
    },
  },
]

for (const way of ways) {
  describe(`nothing is left of a stage, at whatever moment ${way.title}`, () => {
    for (const kind of everyStage) {
      for (const input of Object.keys(inputs)) {
        test(`${kind.name} over ${input}`, async () => {
          // A bridge that was never asked has not seen what it would read.
          let at = kind.name === 'bridge' ? 1 : 0
          while (await run(kind, input, at, way)) at++
          expect(at, 'there were such moments').toBeGreaterThan(0)
        })
      }
    }
  })
}
