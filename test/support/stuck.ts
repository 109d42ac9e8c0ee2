// The ways to be stuck for ever, each in both styles and with nothing but its own frame to hold it.
import { chan, go, never, select, sending, wait } from 'warren'

/** Waits for ever in one way, and holds the canary meanwhile. Each way is written in both styles. */
export interface Way {
  generator(hold: object): Generator<never, unknown, unknown> | Iterable<unknown>
  async(hold: object): Promise<unknown>
}

/** How often one of them went on. */
let used = 0

export function timesUsed(): number {
  return used
}

/** Keeps an object in the frame over the wait. */
export function use(hold: object): void {
  if ('x' in hold) used++
}

function way(generator: (hold: object) => Generator<unknown, unknown, unknown>, async: Way['async']): Way {
  return { generator: generator as Way['generator'], async }
}

export const ways: Record<string, Way> = {
  receive: way(
    function* (hold) {
      yield* chan().receive()
      use(hold)
    },
    async (hold) => {
      await chan().receive()
      use(hold)
    },
  ),
  next: way(
    function* (hold) {
      yield* chan().next()
      use(hold)
    },
    async (hold) => {
      for await (const _ of chan()) use(hold)
      use(hold)
    },
  ),
  receiveMany: way(
    function* (hold) {
      yield* chan(5).receiveMany()
      use(hold)
    },
    async (hold) => {
      await chan(5).receiveMany()
      use(hold)
    },
  ),
  send: way(
    function* (hold) {
      yield* chan().send(hold)
      use(hold)
    },
    async (hold) => {
      await chan().send(hold)
      use(hold)
    },
  ),
  'send into a full buffer': way(
    function* (hold) {
      const ch = chan<object>(1)
      yield* ch.send(hold)
      yield* ch.send(hold)
      use(hold)
    },
    async (hold) => {
      const ch = chan<object>(1)
      await ch.send(hold)
      await ch.send(hold)
      use(hold)
    },
  ),
  'sendMany of an array': way(
    function* (hold) {
      yield* chan<object>(1).sendMany([hold, hold, hold])
      use(hold)
    },
    async (hold) => {
      await chan<object>(1).sendMany([hold, hold, hold])
      use(hold)
    },
  ),
  'sendMany of an iterable': way(
    function* (hold) {
      yield* chan<object>(1).sendMany(new Set([hold, {}, {}]))
      use(hold)
    },
    async (hold) => {
      await chan<object>(1).sendMany(new Set([hold, {}, {}]))
      use(hold)
    },
  ),
  select: way(
    function* (hold) {
      yield* select({ a: chan(), b: chan(1), sent: sending(chan<object>(), hold) })
      use(hold)
    },
    async (hold) => {
      await select({ a: chan(), b: chan(1), sent: sending(chan<object>(), hold) })
      use(hold)
    },
  ),
  'a select on one channel, as sender and receiver': way(
    function* (hold) {
      const ch = chan<object>()
      yield* select([ch, sending(ch, hold), ch])
      use(hold)
    },
    async (hold) => {
      const ch = chan<object>()
      await select([ch, sending(ch, hold), ch])
      use(hold)
    },
  ),
  'a select without cases': way(
    function* (hold) {
      yield* select({})
      use(hold)
    },
    async (hold) => {
      await select({})
      use(hold)
    },
  ),
  'the nil channel': way(
    function* (hold) {
      yield* never.receive()
      use(hold)
    },
    async (hold) => {
      await never.send(hold)
      use(hold)
    },
  ),
  'join of a goroutine that is itself stuck': way(
    function* (hold) {
      const child = go(function* () {
        yield* chan().receive()
        use(hold)
      })
      yield* child.join()
      use(hold)
    },
    async (hold) => {
      const child = go(async () => {
        await chan().receive()
        use(hold)
      })
      await child.join()
      use(hold)
    },
  ),
  'two goroutines that wait for each other': way(
    function* (hold) {
      const [here, there] = [chan(), chan<object>()]
      go(function* () {
        yield* there.receive()
        yield* here.send(hold)
      })
      yield* here.receive()
      yield* there.send(hold)
    },
    async (hold) => {
      const [here, there] = [chan(), chan<object>()]
      go(async () => {
        await there.receive()
        await here.send(hold)
      })
      await here.receive()
      await there.send(hold)
    },
  ),
  'a parent that waits for what its child never sends': way(
    function* (hold) {
      const [results, requests] = [chan(), chan<object>()]
      go(function* () {
        for (;;) {
          yield* requests.receive()
          yield* results.send(hold)
        }
      })
      yield* results.receive()
      use(hold)
    },
    async (hold) => {
      const [results, requests] = [chan(), chan<object>()]
      go(async () => {
        for await (const _ of requests) await results.send(hold)
      })
      await results.receive()
      use(hold)
    },
  ),
  'a signal that nobody else has': way(
    function* (hold) {
      yield* chan().receive(new AbortController().signal)
      use(hold)
    },
    async (hold) => {
      await select({ ch: chan() }, { ctx: new AbortController().signal })
      use(hold)
    },
  ),
  'a promise that nobody settles': way(
    function* (hold) {
      yield* wait(new Promise(() => {}))
      use(hold)
    },
    async (hold) => {
      await wait(new Promise(() => {}))
      use(hold)
    },
  ),
}
