// Types of select: a union told apart by `case`, then by `ok`.

import { describe, expectTypeOf, test } from 'vitest'
import {
  type Chan,
  type Context,
  go,
  never,
  type Operation,
  type Picked,
  type ReceiveChan,
  type SendChan,
  select,
  sending,
  trySelect,
} from 'warren'

/** Holds what must compile (or not), and never runs. */
function compiles(_: () => unknown): void {}

declare const numbers: Chan<number>
declare const texts: ReceiveChan<string>
declare const out: SendChan<boolean>
declare const ctx: Context

describe('the result of a select over a record', () => {
  test('is narrowed by case, then by ok', () => {
    compiles(async () => {
      const picked = await select({ number: numbers, text: texts, sent: sending(out, true), done: ctx.done })
      switch (picked.case) {
        case 'number':
          expectTypeOf(picked.value).toEqualTypeOf<number | undefined>()
          if (picked.ok) expectTypeOf(picked.value).toEqualTypeOf<number>()
          else expectTypeOf(picked.value).toEqualTypeOf<undefined>()
          break
        case 'text':
          if (picked.ok) expectTypeOf(picked.value).toEqualTypeOf<string>()
          break
        case 'sent':
          expectTypeOf(picked.ok).toEqualTypeOf<true>()
          expectTypeOf(picked.value).toEqualTypeOf<undefined>()
          break
        case 'done':
          // A channel of never can only be closed.
          expectTypeOf(picked.ok).toEqualTypeOf<false>()
          break
        default:
          expectTypeOf(picked).toEqualTypeOf<never>()
      }
    })
  })

  test('knows its cases', () => {
    compiles(async () => {
      const picked = await select({ number: numbers })
      // @ts-expect-error there is no such case
      if (picked.case === 'nmuber') return
    })
  })

  test('is the same for yield*, await and trySelect', () => {
    compiles(() => {
      const cases = { number: numbers, text: texts }
      type Result = Picked<typeof cases>
      expectTypeOf(select(cases)).toEqualTypeOf<Operation<Result>>()
      expectTypeOf(trySelect(cases)).toEqualTypeOf<Result | undefined>()
      go(function* () {
        expectTypeOf(yield* select(cases)).toEqualTypeOf<Result>()
      })
    })
  })

  test('leaves out what is null, and keeps what may be null', () => {
    compiles(async () => {
      const maybe = numbers as Chan<number> | null
      const picked = await select({ maybe, none: null })
      expectTypeOf(picked.case).toEqualTypeOf<'maybe'>()
      if (picked.ok) expectTypeOf(picked.value).toEqualTypeOf<number>()
      const optional = await select({ text: texts, sent: maybe && sending(maybe, 1) })
      expectTypeOf(optional.case).toEqualTypeOf<'text' | 'sent'>()
    })
  })

  test('of a channel of a union keeps the union in one piece', () => {
    compiles(async () => {
      const picked = await select({ either: {} as ReceiveChan<string | number> })
      if (picked.ok) expectTypeOf(picked.value).toEqualTypeOf<string | number>()
    })
  })

  test('of the nil channel is only ever an end', () => {
    expectTypeOf<Picked<{ never: typeof never }>>().toEqualTypeOf<{
      readonly case: 'never'
      readonly ok: false
      readonly value: undefined
    }>()
  })
})

describe('the result of a select over an array', () => {
  test('is narrowed by the index, when it is written in place', () => {
    compiles(async () => {
      const picked = await select([numbers, texts, sending(out, false)])
      expectTypeOf(picked.case).toEqualTypeOf<0 | 1 | 2>()
      if (picked.case === 0 && picked.ok) expectTypeOf(picked.value).toEqualTypeOf<number>()
      if (picked.case === 1 && picked.ok) expectTypeOf(picked.value).toEqualTypeOf<string>()
      if (picked.case === 2) expectTypeOf(picked.ok).toEqualTypeOf<true>()
    })
  })

  test('has a number as its case, when the length is not known', () => {
    compiles(async () => {
      const many: ReceiveChan<string>[] = []
      const picked = await select(many)
      expectTypeOf(picked.case).toEqualTypeOf<number>()
      if (picked.ok) expectTypeOf(picked.value).toEqualTypeOf<string>()
    })
  })

  test('of many that send is known to have sent', () => {
    compiles(async () => {
      const picked = await select([numbers, numbers].map((ch) => sending(ch, 1)))
      expectTypeOf(picked.ok).toEqualTypeOf<true>()
    })
  })
})

describe('what a select takes', () => {
  test('sending must be of the type of the channel', () => {
    compiles(() => {
      sending(out, true)
      // @ts-expect-error
      sending(out, 1)
      // @ts-expect-error
      sending(texts, 'read only')
      sending(never, 'anything')
    })
  })

  test('only channels, sends and null', () => {
    compiles(() => {
      // @ts-expect-error
      select({ promise: Promise.resolve(1) })
      // @ts-expect-error
      select({ out })
      // @ts-expect-error
      select({ missing: undefined })
      // @ts-expect-error
      select([5])
    })
  })

  test('options by name', () => {
    compiles(() => {
      select({ numbers }, { ctx })
      select({ numbers }, { ctx: new AbortController().signal, order: 'listed' })
      // @ts-expect-error
      select({ numbers }, { order: 'first' })
      // @ts-expect-error a context is not an option itself
      select({ numbers }, ctx)
    })
  })
})

describe('a loop around a select', () => {
  test('may set what has ended to null', () => {
    compiles(() => {
      async function merge(first: ReceiveChan<number>, second: ReceiveChan<string>) {
        let a: ReceiveChan<number> | null = first
        let b: ReceiveChan<string> | null = second
        while (a !== null || b !== null) {
          const picked = await select({ a, b })
          if (picked.ok) expectTypeOf(picked.value).toEqualTypeOf<number | string>()
          else if (picked.case === 'a') a = null
          else b = null
        }
      }
      return merge
    })
  })

  test('also in a generator goroutine', () => {
    compiles(() =>
      go(function* () {
        let a: ReceiveChan<number> | null = numbers
        while (a !== null) {
          const picked = yield* select({ a, texts })
          if (picked.case === 'a' && !picked.ok) a = null
        }
      }),
    )
  })
})
