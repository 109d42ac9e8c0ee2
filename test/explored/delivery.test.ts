// Values between goroutines: none is lost, none comes twice, none overtakes.
import { chan, gosched } from 'warren'
import { must, mustEqual, proves } from '../support/explored.ts'
import { receiveForms, sendForms } from '../support/forms.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { asyncStyle, generatorStyle, on } from '../support/styles.ts'

for (const capacity of [0, 1, 2]) {
  for (const [sendName, send] of Object.entries(sendForms)) {
    for (const [receiveName, receive] of Object.entries(receiveForms)) {
      proves(`two values arrive in order: capacity ${capacity}, ${sendName}, ${receiveName}`, function* (style) {
        const ch = chan<number>(capacity)
        const sender = style.go(function* () {
          yield* send(ch, 1)
          yield* send(ch, 2)
          ch.close()
        })
        const values: unknown[] = []
        for (let got = yield* receive(ch); got.ok; got = yield* receive(ch)) {
          values.push(got.value)
          checkInvariants(ch)
        }
        mustEqual(values, [1, 2], 'the values in order')
        yield* on(sender.join())
        expectNoWaiters(ch)
      })
    }
  }
}

for (const capacity of [0, 1]) {
  proves(`two senders, of each style, and one receiver: capacity ${capacity}`, function* () {
    const ch = chan<number>(capacity)
    const asked: number[] = []
    const senders = [asyncStyle, generatorStyle].map((style, i) =>
      style.go(function* () {
        asked.push(i)
        yield* on(ch.send(i))
        checkInvariants(ch)
      }),
    )
    yield* on(gosched())
    const got = [yield* on(ch.receive()), yield* on(ch.receive())]
    mustEqual(got, asked, 'who asked first is served first')
    for (const sender of senders) yield* on(sender.join())
    expectNoWaiters(ch)
  })

  proves(`two receivers, of each style, and one sender: capacity ${capacity}`, function* () {
    const ch = chan<number>(capacity)
    const asked: number[] = []
    const got = new Map<number, unknown>()
    const receivers = [asyncStyle, generatorStyle].map((style, i) =>
      style.go(function* () {
        asked.push(i)
        got.set(i, yield* on(ch.receive()))
        checkInvariants(ch)
      }),
    )
    yield* on(gosched())
    yield* on(ch.send(1))
    yield* on(ch.send(2))
    for (const receiver of receivers) yield* on(receiver.join())
    mustEqual(
      asked.map((i) => got.get(i)),
      [1, 2],
      'who asked first is served first',
    )
    must(ch.length === 0, 'nothing is left')
  })
}

proves('a ring of three passes one token on', function* (style) {
  const links = [chan<number>(), chan<number>(), chan<number>()]
  const passers = [0, 1].map((i) =>
    style.go(function* () {
      const token = yield* on(links[i]!.receive())
      yield* on(links[i + 1]!.send(token! + 1))
    }),
  )
  yield* on(links[0]!.send(1))
  must((yield* on(links[2]!.receive())) === 3, 'two have counted')
  for (const passer of passers) yield* on(passer.join())
  expectNoWaiters(...links)
})
