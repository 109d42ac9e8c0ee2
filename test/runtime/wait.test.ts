import { expect, test, vi } from 'vitest'
import { background, ContextCanceledError, go, select, wait, withCancel } from 'warren'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test("a rejection is nobody's any more when the context of its wait has ended", async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  try {
    const ctx = withCancel(background())
    ctx.cancel()
    await expect(wait(Promise.reject(new Error('late')), ctx)).rejects.toBeInstanceOf(ContextCanceledError)
    await turn()
    expect(unhandled).not.toHaveBeenCalled()
  } finally {
    process.off('unhandledRejection', unhandled)
  }
})

test('a thenable that calls back at once, or throws, is waited for like any other', async () => {
  const ctx = withCancel(background())
  const eager = { then: (resolve: (value: number) => void) => resolve(7) } as PromiseLike<number>
  const broken = {
    then() {
      throw new Error('no then')
    },
  } as unknown as PromiseLike<number>
  expect(await wait(eager, ctx)).toBe(7)
  await expect(wait(broken, ctx)).rejects.toThrow('no then')
  expect(
    await go(function* () {
      return yield* wait(eager, ctx)
    }).join(),
  ).toBe(7)
  ctx.cancel()
})

test('a context in place of the options of a select is refused', async () => {
  const ctx = withCancel(background())
  await expect(select({}, ctx as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  await expect(select({}, new AbortController().signal as never)).rejects.toThrow('options must be')
})

test('an async or plain body cannot be killed, started or not', async () => {
  for (const body of [async () => 1, () => 1]) {
    const goroutine = go(body)
    expect(() => goroutine.kill()).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPERATION' }))
    expect(await goroutine.join()).toBe(1)
  }
})
