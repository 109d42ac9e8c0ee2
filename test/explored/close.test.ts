// Closing a channel that others wait on.
import { chan, PanicError, select, sending } from 'warren'
import { must, mustEqual, proves } from '../support/explored.ts'
import { isUntold, receiveForms, sendForms } from '../support/forms.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { type Body, on, receivesAll } from '../support/styles.ts'

/** Whether it sent, or found the channel closed; in that case with the value that it was to send. */
function* sends(body: Body, value: number): Body<boolean> {
  try {
    yield* body
    return true
  } catch (error) {
    must(error instanceof PanicError && error.code === 'ERR_SEND_CLOSED', `a panic, not ${error}`)
    must(error.value === value, 'the unsent value')
    return false
  }
}

for (const capacity of [0, 1]) {
  for (const [name, send] of Object.entries(sendForms)) {
    proves(`a sender has sent or panics: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      if (capacity === 1) ch.trySend(0)
      const closer = style.go(function* () {
        ch.close()
        checkInvariants(ch)
      })
      const receiver = style.go(receivesAll<number>, ch)
      const sent = yield* sends(send(ch, 7), 7)
      const before = capacity === 1 ? [0] : []
      const got = yield* on(receiver.join())
      const arrived = sent || isUntold(name, got) ? [...before, 7] : before
      mustEqual(got, arrived, 'what was sent arrives')
      yield* on(closer.join())
    })
  }

  for (const [name, receive] of Object.entries(receiveForms)) {
    proves(`two receivers get the value or the end: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      const other = style.go(() => receive(ch))
      const sender = style.go(function* () {
        yield* on(ch.send(1))
        ch.close()
        checkInvariants(ch)
      })
      const results = [yield* receive(ch), yield* on(other.join())]
      mustEqual(results.map(({ ok }) => ok).sort(), [false, true], 'one value, one end')
      must(results.find(({ ok }) => ok)?.value === 1, 'the value')
      yield* on(sender.join())
    })
  }
}

proves('a close wakes a select once, whichever of its cases it is', function* (style) {
  const a = chan<number>()
  const b = chan<number>()
  const closers = [a, b].map((ch) =>
    style.go(function* () {
      ch.close()
    }),
  )
  const picked = yield* on(select({ a, b }))
  must(!picked.ok, 'the end')
  checkInvariants(a)
  checkInvariants(b)
  for (const closer of closers) yield* on(closer.join())
  expectNoWaiters(a, b)
})

proves('a select that would send panics when that channel closes, or does its other case', function* (style) {
  const out = chan<number>()
  const inward = chan<number>()
  const closer = style.go(function* () {
    out.close()
  })
  const sender = style.go(function* () {
    yield* on(inward.send(1))
  })
  let picked = 'panic'
  yield* sends(
    (function* () {
      picked = (yield* on(select({ sent: sending(out, 7), got: inward }))).case
    })(),
    7,
  )
  must(picked !== 'sent', 'nobody receives')
  if (picked === 'panic') must((yield* on(inward.receive())) === 1, 'the other case was left alone')
  yield* on(sender.join())
  yield* on(closer.join())
  expectNoWaiters(out, inward)
})
