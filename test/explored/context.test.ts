// A tree of contexts, of which several end at once: each ends once, with the first error that reaches it.
import {
  background,
  type Context,
  ContextCanceledError,
  chan,
  DeadlineExceededError,
  select,
  sleep,
  withCancel,
  withTimeout,
} from 'warren'
import { afterFunc } from 'warren/context'
import { must, proves, tried } from '../support/explored.ts'
import { expectHoldsNothing } from '../support/scopes.ts'
import { generatorStyle, on, type Style } from '../support/styles.ts'

function soon(style: Style, fn: () => void) {
  return style.go(function* () {
    fn()
  })
}

proves('a parent and its child cancelled by two: the child ends with the first', function* (style) {
  const parent = withCancel(background())
  const child = withCancel(parent)
  const order: string[] = []
  const cancels = [
    soon(style, () => {
      order.push('parent')
      parent.cancel('parent')
    }),
    soon(style, () => {
      order.push('child')
      child.cancel('child')
    }),
  ]
  const waited = yield* tried(on(chan().receive(child)))
  must(!waited.ok && waited.error === child.err, 'the wait has the error of its context')
  must(child.err?.cause === order[0], 'the first stands')
  for (const cancel of cancels) yield* on(cancel.join())
  must(parent.err?.cause === 'parent', 'the parent has its own')
  expectHoldsNothing(parent)
  expectHoldsNothing(child)
})

proves('deadlines of a parent and a child, and a cancel, at one instant', function* (style, t) {
  const parent = withTimeout(background(), 10, { cause: 'parent' })
  const child = withTimeout(parent, 10, { cause: 'child' })
  const canceller = style.go(function* () {
    yield* on(sleep(10))
    parent.cancel('cancel')
  })
  yield* on(child.done.receive())
  must(t.now() === 10, 'on time')
  const { err } = child
  must(err instanceof DeadlineExceededError || err instanceof ContextCanceledError, 'an error of its own')
  must(err.cause === 'cancel' || err instanceof DeadlineExceededError, 'with its cause')
  yield* on(canceller.join())
  yield* on(parent.done.receive())
  must(child.err === err, 'the first stands')
  must(parent.err?.cause === 'parent' || parent.err?.cause === 'cancel', 'the parent has nothing of the child')
  expectHoldsNothing(parent)
  expectHoldsNothing(child)
})

proves('who waits on a child ends with the parent, in every form of waiting', function* (style) {
  const parent = withCancel(background())
  const child = withCancel(parent)
  const ch = chan<never>()
  const waits = [
    style.go(function* () {
      return (yield* on(select({ ch, done: child.done }))).case === 'done'
    }),
    style.go(function* () {
      return !(yield* tried(on(select({ ch }, { ctx: child })))).ok
    }),
  ]
  const canceller = soon(style, () => parent.cancel())
  must(!(yield* tried(on(ch.receive(child)))).ok, 'the receive ends')
  for (const wait of waits) must(yield* on(wait.join()), 'the select ends')
  yield* on(canceller.join())
  expectHoldsNothing(parent)
  expectHoldsNothing(child)
})

proves('a context that is derived while its parent is cancelled ends with it', function* (style) {
  const parent = withCancel(background())
  const canceller = soon(style, () => parent.cancel())
  const deriver = style.go(function* () {
    const child = withTimeout(parent, 1000)
    yield* on(child.done.receive())
    return child as Context
  })
  const child = yield* on(deriver.join())
  must(child.err === parent.err, 'the same error')
  yield* on(canceller.join())
  expectHoldsNothing(parent)
})

proves('a function for the end of a context is called off, or called, not both', function* (style) {
  const ctx = withCancel(background())
  const called = chan<void>(1)
  const stop = afterFunc(ctx, () => void called.trySend())
  const canceller = soon(style, () => ctx.cancel())
  const stopper = style.go(function* () {
    const first = stop()
    must(!stop(), 'called off once')
    return first
  })
  const hasStopped = yield* on(stopper.join())
  yield* on(canceller.join())
  if (!hasStopped) yield* on(called.receive())
  must(called.length === 0, 'once')
  expectHoldsNothing(ctx)
})

proves(
  'a function for the end of a context is called once, though deadline and cancel come together',
  function* (style) {
    const ctx = withTimeout(background(), 10)
    let calls = 0
    afterFunc(ctx, () => void calls++)
    const canceller = style.go(function* () {
      yield* on(sleep(10))
      ctx.cancel()
    })
    yield* on(canceller.join())
    yield* on(sleep(1))
    must(calls === 1, 'once')
  },
  [generatorStyle],
)

proves('an AbortSignal of a context is aborted once, when all below it has ended', function* (style) {
  const parent = withCancel(background())
  const child = withCancel(parent)
  let aborts = 0
  parent.signal.addEventListener('abort', () => {
    aborts++
    must(child.err !== undefined, 'the child has ended')
  })
  const cancels = [soon(style, () => parent.cancel()), soon(style, () => child.cancel())]
  yield* on(child.done.receive())
  for (const cancel of cancels) yield* on(cancel.join())
  must(aborts === 1, 'once')
})
