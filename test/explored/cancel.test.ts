// A context that ends while the wait under it could end otherwise: one of the two, and nothing of the other.
import { background, chan, select, sending, withCancel } from 'warren'
import { must, mustEqual, proves, tried } from '../support/explored.ts'
import { isUntold, receiveForms, sendForms } from '../support/forms.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { expectNoWaits } from '../support/scopes.ts'
import { on, receivesAll } from '../support/styles.ts'

for (const capacity of [0, 1]) {
  for (const [name, receive] of Object.entries(receiveForms)) {
    proves(`a cancelled receive leaves the value: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      const ctx = withCancel(background())
      const canceller = style.go(function* () {
        ctx.cancel()
        checkInvariants(ch)
      })
      const sender = style.go(function* () {
        yield* on(ch.send(7))
      })
      const first = yield* tried(receive(ch, ctx))
      const value = first.ok ? first.value.value : yield* on(ch.receive())
      must(value === 7, 'the value comes once')
      must(ch.tryReceive() === undefined, 'and not again')
      yield* on(sender.join())
      yield* on(canceller.join())
      expectNoWaiters(ch)
      expectNoWaits(ctx)
    })
  }

  for (const [name, send] of Object.entries(sendForms)) {
    proves(`a cancelled send has not sent: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      const ctx = withCancel(background())
      if (capacity === 1) ch.trySend(0)
      const canceller = style.go(function* () {
        ctx.cancel()
        checkInvariants(ch)
      })
      const receiver = style.go(receivesAll<number>, ch)
      const sent = yield* tried(send(ch, 7, ctx))
      checkInvariants(ch)
      ch.close()
      const before = capacity === 1 ? [0] : []
      const got = yield* on(receiver.join())
      const arrived = sent.ok || isUntold(name, got) ? [...before, 7] : before
      mustEqual(got, arrived, 'what was sent arrives')
      yield* on(canceller.join())
      expectNoWaits(ctx)
    })
  }
}

proves('one context ends both sides of a channel, or the value has passed', function* (style) {
  const ch = chan<number>()
  const ctx = withCancel(background())
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  const sender = style.go(() => tried(on(ch.send(7, ctx))))
  const got = yield* tried(on(ch.receive(ctx)))
  const sent = yield* on(sender.join())
  must(got.ok === sent.ok, 'both or none')
  must(!got.ok || got.value === 7, 'the value')
  yield* on(canceller.join())
  expectNoWaiters(ch)
  expectNoWaits(ctx)
})

proves('the second in the queue is served when the first is cancelled', function* (style) {
  const ch = chan<number>()
  const ctx = withCancel(background())
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  const second = style.go(function* () {
    return yield* on(ch.receive())
  })
  const sender = style.go(function* () {
    yield* on(ch.send(1))
    ch.close()
  })
  const first = yield* tried(on(ch.receive(ctx)))
  const got = [first.ok ? first.value : undefined, yield* on(second.join())]
  must(got.filter((value) => value === 1).length === 1, 'one of them has the value')
  yield* on(sender.join())
  yield* on(canceller.join())
})

proves('a cancelled select has done none of its cases', function* (style) {
  const inward = chan<number>()
  const outward = chan<number>()
  const ctx = withCancel(background())
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  const partner = style.go(function* () {
    const picked = yield* on(select({ sent: sending(inward, 1), got: outward, none: null }))
    return picked.case
  })
  const picked = yield* tried(on(select({ got: inward, sent: sending(outward, 2) }, { ctx })))
  checkInvariants(inward)
  checkInvariants(outward)
  if (picked.ok) {
    const other = yield* on(partner.join())
    must(picked.value.case !== other, 'one has sent what the other got')
  } else {
    yield* on(outward.send(3))
    must((yield* on(partner.join())) === 'got', 'the partner was still waiting')
  }
  yield* on(canceller.join())
  expectNoWaiters(inward, outward)
  expectNoWaits(ctx)
})
