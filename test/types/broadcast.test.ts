// Types of broadcast and watch.

import { expectTypeOf, test } from 'vitest'
import { type Broadcast, broadcast, type ReceiveChan, type Subscription, select, type Watch, watch } from 'warren'

interface Animal {
  readonly name: string
}
interface Dog extends Animal {
  readonly barks: true
}

/** Holds what must compile (or not), and never runs. */
function compiles(_: () => unknown): void {}

test('a subscription receives, and cannot send', () => {
  expectTypeOf<Subscription<Dog>>().toExtend<ReceiveChan<Animal>>()
  expectTypeOf<Subscription<Dog>>().toExtend<Subscription<Animal>>()
  compiles(() => {
    const subscription = broadcast<Dog>({ capacity: 1, lag: 'block' }).subscribe()
    // @ts-expect-error
    subscription.send({})
    // @ts-expect-error
    subscription.close()
    // @ts-expect-error
    subscription.missed = 0
  })
})

test('a broadcast is of exactly its type, and so is a watch', () => {
  expectTypeOf<Broadcast<Dog>>().not.toExtend<Broadcast<Animal>>()
  expectTypeOf<Broadcast<Animal>>().not.toExtend<Broadcast<Dog>>()
  expectTypeOf<Watch<Dog>>().not.toExtend<Watch<Animal>>()
  expectTypeOf<Watch<Animal>>().not.toExtend<Watch<Dog>>()
})

test('the lag policy must be said', () => {
  compiles(() => {
    // @ts-expect-error
    broadcast<number>({ capacity: 1 })
    // @ts-expect-error
    broadcast<number>({ lag: 'block' })
    // @ts-expect-error
    broadcast<number>({ capacity: 1, lag: 'wait' })
    // @ts-expect-error
    broadcast<number>()
  })
})

test('a subscription is a case of a select', () => {
  compiles(async () => {
    const picked = await select({
      dog: broadcast<Dog>({ capacity: 1, lag: 'block' }).subscribe(),
      level: watch('x').subscribe(),
    })
    if (picked.case === 'dog' && picked.ok) expectTypeOf(picked.value).toEqualTypeOf<Dog>()
    if (picked.case === 'level' && picked.ok) expectTypeOf(picked.value).toEqualTypeOf<string>()
  })
})

test('a watch is of the type of its value', () => {
  compiles(() => {
    expectTypeOf(watch(1)).toEqualTypeOf<Watch<number>>()
    const level = watch<'info' | 'warn'>('info')
    level.set('warn')
    // @ts-expect-error
    level.set('error')
    level.update((before) => (before === 'info' ? 'warn' : 'info'))
    // @ts-expect-error
    level.value = 'warn'
  })
})
