import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { chan, go, gosched } from 'warren'

// The order of these tests matters: the first runs before the process has used an AsyncLocalStorage of its own.
test('a goroutine started before any store is used never sees the store of whoever wakes it', async () => {
  const store = new AsyncLocalStorage<string>()
  const gate = chan<number>()
  const early = go(function* () {
    yield* gate.receive()
    const first = store.getStore()
    yield* gosched()
    return [first, store.getStore()]
  })
  await gosched()
  await store.run('theirs', async () => {
    await gate.send(1)
    await gosched()
  })
  expect(await early.join()).toEqual([undefined, undefined])
})

test('a goroutine of either style keeps the store it was started in, over every wait', async () => {
  const store = new AsyncLocalStorage<string>()
  const gate = chan<number>()
  const [generator, asynchronous] = store.run('mine', () => [
    go(function* () {
      const seen = [store.getStore()]
      yield* gate.receive()
      seen.push(store.getStore())
      yield* gosched()
      seen.push(store.getStore())
      return seen
    }),
    go(async () => {
      const seen = [store.getStore()]
      await gate.receive()
      seen.push(store.getStore())
      await gosched()
      seen.push(store.getStore())
      return seen
    }),
  ])
  await store.run('theirs', async () => {
    await gate.send(1)
    await gate.send(2)
  })
  expect(await generator!.join()).toEqual(['mine', 'mine', 'mine'])
  expect(await asynchronous!.join()).toEqual(['mine', 'mine', 'mine'])
})

test('goroutines of several stores run side by side, each in its own', async () => {
  const store = new AsyncLocalStorage<number>()
  const goroutines = Array.from({ length: 20 }, (_, id) =>
    store.run(id, () =>
      go(function* () {
        for (let turn = 0; turn < 10; turn++) {
          if (store.getStore() !== id) return false
          yield* gosched()
        }
        return true
      }),
    ),
  )
  for (const goroutine of goroutines) expect(await goroutine.join()).toBe(true)
})

test('a wrapper put around AsyncLocalStorage.run after ours stays', () => {
  const prototype = AsyncLocalStorage.prototype
  const before = prototype.run
  let calls = 0
  prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: never[]): never {
    calls++
    return Reflect.apply(before, this, args) as never
  } as typeof prototype.run
  try {
    const store = new AsyncLocalStorage<number>()
    for (let i = 0; i < 3; i++) store.run(i, () => undefined)
    expect(calls).toBe(3)
  } finally {
    prototype.run = before
  }
})
