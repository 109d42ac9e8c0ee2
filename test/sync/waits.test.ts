// What holds for every wait of `warren/sync`: being cancelled or killed, and what is left behind.
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, type Goroutine, go, KilledError, PanicError, withCancel } from 'warren'
import { goroutines } from 'warren/debug'
import { Canary } from '../support/gc.ts'
import { attempt, type Body, idle, inBothStyles, Outcome, on } from '../support/styles.ts'
import { type Blocked, type Ctx, syncWaits } from '../support/sync-waits.ts'

/** One wait, and giving back what it got. */
function* waitOn(blocked: Blocked, ctx?: Ctx): Body {
  let wasLetThrough = false
  try {
    yield* on(blocked.wait(ctx))
    wasLetThrough = true
  } finally {
    blocked.after?.(wasLetThrough)
  }
}

for (const { name, reason, isShared, isReleasedLater, make } of syncWaits) {
  describe(name, () => {
    inBothStyles('blocks until it is let through', function* (style) {
      const blocked = make()
      const first = attempt(style, () => waitOn(blocked))
      const second = attempt(style, () => waitOn(blocked))
      yield* on(idle())
      expect([first.state, second.state]).toEqual(['pending', 'pending'])
      blocked.release()
      yield* on(idle())
      expect(first.state).toBe('done')
      if (isShared) expect(second.state).toBe('done')
    })

    inBothStyles('throws under a context that has ended, and takes nothing', function* (style) {
      const ctx = withCancel(background())
      ctx.cancel(new Error('enough'))
      for (const ended of [ctx, AbortSignal.abort(new Error('enough'))]) {
        const blocked = make()
        const refused = attempt(style, () => waitOn(blocked, ended))
        yield* on(idle())
        const other = attempt(style, () => waitOn(blocked))
        yield* on(idle())
        expect(refused.error).toBeInstanceOf(ContextCanceledError)
        expect((refused.error as Error).cause).toEqual(new Error('enough'))
        expect(other.state).toBe('pending')
        blocked.release()
        yield* on(idle())
        expect(other.state).toBe('done')
      }
    })

    inBothStyles('ends with its context, and lets the next one through in its place', function* (style) {
      const blocked = make()
      const ctx = withCancel(background())
      const controller = new AbortController()
      const cancelled = attempt(style, () => waitOn(blocked, ctx))
      const aborted = attempt(style, () => waitOn(blocked, controller.signal))
      const other = attempt(style, () => waitOn(blocked, withCancel(background())))
      yield* on(idle())
      ctx.cancel(new Error('enough'))
      yield* on(idle())
      expect(cancelled.error).toBeInstanceOf(ContextCanceledError)
      expect((cancelled.error as Error).cause).toEqual(new Error('enough'))
      expect([aborted.state, other.state]).toEqual(['pending', 'pending'])
      controller.abort('gone')
      yield* on(idle())
      expect(aborted.error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'gone' })
      expect(other.state).toBe('pending')
      blocked.release()
      yield* on(idle())
      expect(other.state).toBe('done')
    })

    inBothStyles('is through when it was let through before its context ended', function* (style) {
      const blocked = make()
      const ctx = withCancel(background())
      const wait = attempt(style, () => waitOn(blocked, ctx))
      yield* on(idle())
      blocked.release()
      if (!isReleasedLater) ctx.cancel()
      yield* on(idle())
      expect(wait.state).toBe('done')
    })

    test('gives way to the next one when its goroutine is killed', async () => {
      const blocked = make()
      const victim = go(() => waitOn(blocked))
      const other = new Outcome(go(() => waitOn(blocked)).join())
      await idle()
      victim.kill('because')
      await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
      await idle()
      expect(other.state).toBe('pending')
      blocked.release()
      await idle()
      expect(other.state).toBe('done')
    })

    test('does not begin in a goroutine that was killed while it ran', async () => {
      const blocked = make()
      const victim: Goroutine<void> = go(function* (): Body {
        victim.kill()
        try {
          yield* blocked.wait()
        } finally {
          blocked.after?.(false)
        }
      })
      await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
      const other = new Outcome(go(() => waitOn(blocked)).join())
      await idle()
      blocked.release()
      await idle()
      expect(other.state).toBe('done')
    })

    test('fails for what is no context', async () => {
      const wrong = { aborted: false } as unknown as AbortSignal
      const blocked = make()
      const operation = blocked.wait(wrong)
      await expect(operation).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      blocked.after?.(false)
      const goroutine = go(function* (): Body {
        let thrown: unknown
        try {
          yield* blocked.wait(wrong)
        } catch (error) {
          thrown = error
        }
        expect(thrown).toBeInstanceOf(PanicError)
        blocked.after?.(false)
      })
      await goroutine.join()
    })

    test(`is called ${reason} in a dump`, async () => {
      const blocked = make()
      const goroutine = go(function* waiting(): Body {
        yield* blocked.wait()
      })
      await idle()
      expect(goroutines().find(({ id }) => id === goroutine.id)?.state).toBe(reason)
      blocked.release()
      await goroutine.join()
    })

    test('may be called first and waited for later, across the styles', async () => {
      const blocked = make()
      const outside = blocked.wait()
      const inside = go(function* (): Body {
        yield* outside
      })
      await idle()
      blocked.release()
      await inside.join()
      await outside
    })

    test('lets its goroutine be collected when nobody can let it through', async () => {
      const canary = new Canary()
      for (let i = 0; i < 3; i++) {
        go(function* (held: object) {
          yield* make().wait()
          return held
        }, canary.hatch())
        go(async (held: object) => {
          await make().wait()
          return held
        }, canary.hatch())
        go(function* (held: object) {
          yield* make().wait(withCancel(background()))
          return held
        }, canary.hatch())
        go(async (held: object) => {
          await make().wait(new AbortController().signal)
          return held
        }, canary.hatch())
      }
      expect(await canary.collected(12)).toBe(12)
    })

    test('keeps its goroutine while somebody can let it through', async () => {
      const canary = new Canary()
      const blocked = make()
      const held = go(function* (held: object) {
        yield* blocked.wait()
        return held
      }, canary.hatch()).join()
      expect(await canary.collected(1, 2)).toBe(0)
      blocked.release()
      await held
    })
  })
}
