// Goroutines that are waited for together, work that is done once, things that are shared.
import { background, chan, Group, gosched, Once, Pool, SingleFlight, WaitGroup, withCancel } from 'warren'
import { must, mustEqual, proves, tried } from '../support/explored.ts'
import { type Body, generatorStyle, on } from '../support/styles.ts'

proves(
  'a wait group lets all go when the last is done, and can be used again',
  function* (style) {
    const wg = new WaitGroup()
    let done = 0
    function* round(goal: number): Body {
      yield* on(wg.wait())
      must(done >= goal, 'all are done')
    }
    for (const goal of [2, 3]) {
      for (let left = goal - done; left > 0; left = goal - done) {
        wg.add(left)
        const workers = Array.from({ length: left }, () =>
          style.go(function* () {
            yield* on(gosched())
            done++
            wg.done()
          }),
        )
        const waiter = style.go(() => round(goal))
        yield* round(goal)
        yield* on(waiter.join())
        for (const worker of workers) yield* on(worker.join())
      }
    }
  },
  [generatorStyle],
)

proves('a function that fails counts as done: the first caller has its error, the others go on', function* (style) {
  const once = new Once()
  let calls = 0
  const callers = [0, 1].map(() =>
    style.go(function* () {
      try {
        yield* on(
          once.do(function* () {
            calls++
            yield* gosched()
            throw new Error('fails')
          }),
        )
        return 'went on'
      } catch (error) {
        must(error instanceof Error && error.message === 'fails', 'its error')
        return 'failed'
      }
    }),
  )
  const outcomes: string[] = []
  for (const caller of callers) outcomes.push(yield* on(caller.join()))
  mustEqual(outcomes.sort(), ['failed', 'went on'], 'one of each')
  must(calls === 1, 'once')
  yield* on(once.do(() => void calls++))
  must(calls === 1, 'and not again')
})

proves('a caller that gives up takes nothing from the others', function* (style) {
  const once = new Once()
  const ctx = withCancel(background())
  let isDone = false
  const other = style.go(function* () {
    yield* on(once.do(() => {}))
    must(isDone, 'it waited')
  })
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  const mine = yield* tried(
    on(
      once.do(function* () {
        yield* gosched()
        isDone = true
      }, ctx),
    ),
  )
  must(!mine.ok || isDone, 'done when it returns')
  yield* on(other.join())
  yield* on(canceller.join())
})

proves('calls for one key at one time are one; who comes after a forget starts another', function* (style) {
  const flights = new SingleFlight<string, number>()
  let calls = 0
  function* fly() {
    const call = ++calls
    yield* gosched()
    return call
  }
  const callers = [0, 1].map(() =>
    style.go(function* () {
      return yield* on(flights.do('key', fly))
    }),
  )
  const forgetter = style.go(function* () {
    flights.forget('key')
  })
  const flown: { readonly value: number; readonly shared: boolean }[] = []
  for (const caller of callers) flown.push(yield* on(caller.join()))
  const values = flown.map(({ value }) => value).sort()
  mustEqual(values, calls === 1 ? [1, 1] : [1, 2], 'each has the value of its call')
  for (const { shared } of flown) must(shared === (calls === 1), `shared ${shared}, ${calls} calls`)
  yield* on(forgetter.join())
})

proves('no more goroutines of a group run than the limit, and all do', function* (style) {
  const group = new Group({ limit: 1 })
  let running = 0
  let ran = 0
  const start = function* (): Body {
    yield* on(
      group.go(function* () {
        must(++running === 1, 'one at a time')
        yield* gosched()
        running--
        ran++
      }),
    )
  }
  const other = style.go(start)
  yield* start()
  yield* on(other.join())
  yield* on(group.wait())
  must(ran === 2 && group.ctx.err !== undefined, 'all have run')
})

proves('a start that is cancelled starts nothing, and the next in line is started', function* (style) {
  const group = new Group({ limit: 1 })
  const ctx = withCancel(background())
  const gate = chan<never>()
  group.tryGo(async () => void (await gate.receive()))
  let started = 0
  const mine = style.go(() => tried(on(group.go(() => void started++, ctx))))
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  gate.close()
  const { ok } = yield* on(mine.join())
  yield* on(group.wait())
  must(started === (ok ? 1 : 0), `started ${started}`)
  yield* on(group.go(() => void started++))
  yield* on(group.wait())
  yield* on(canceller.join())
})

proves('the first failure of a group is what wait throws, and tells the others to stop', function* () {
  const group = new Group()
  const order: string[] = []
  for (const name of ['a', 'b']) {
    group.tryGo(async (ctx) => {
      await gosched()
      if (ctx.err === undefined) order.push(name)
      throw new Error(name)
    })
  }
  try {
    yield* on(group.wait())
    must(false, 'it throws')
  } catch (error) {
    must(error instanceof Error && error.message === order[0], `the first: ${error}, ${order}`)
  }
  must(order.length === 1, 'the second was told')
  must(group.ctx.err?.cause instanceof Error, 'the context has the cause')
})

proves('a pool gives an object to one at a time', function* (style) {
  let made = 0
  const pool = new Pool(() => ({ id: ++made, users: 0 }), { max: 1 })
  function* use(): Body {
    const thing = pool.get()
    must(++thing.users === 1, 'not in use')
    yield* on(gosched())
    thing.users--
    pool.put(thing)
  }
  const others = [style.go(use), style.go(use)]
  yield* use()
  for (const other of others) yield* on(other.join())
  must(made <= 3, 'no more than are used at a time')
})
