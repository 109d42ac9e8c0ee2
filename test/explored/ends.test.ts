// The end of a goroutine, seen by those who join it, kill it, or give up waiting; and the end of all with main.
import { background, chan, go, gosched, KilledError, run, sleep, wait, withCancel } from 'warren'
import { endOf, must, proves, tried } from '../support/explored.ts'
import { generatorStyle, on } from '../support/styles.ts'

proves('a join that is cancelled leaves the outcome to the others', function* (style) {
  const ctx = withCancel(background())
  const worker = style.go(function* () {
    yield* on(gosched())
    return 7
  })
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  const other = style.go(function* () {
    return yield* on(worker.join())
  })
  const mine = yield* tried(on(worker.join(ctx)))
  must(!mine.ok || mine.value === 7, 'the result')
  must((yield* on(other.join())) === 7, 'the result')
  must((yield* on(worker.join())) === 7, 'the result, again')
  yield* on(canceller.join())
})

proves('an error reaches everybody who joins', function* (style) {
  const worker = style.go(function* () {
    yield* on(gosched())
    throw new Error('fails')
  })
  const joins = [0, 1].map(() =>
    style.go(function* () {
      try {
        yield* on(worker.join())
        return false
      } catch (error) {
        return error instanceof Error && error.message === 'fails'
      }
    }),
  )
  for (const join of joins) must(yield* on(join.join()), 'the error')
})

proves('a kill and the end: killed with its reason, or ended with its result, for all who join', function* (style) {
  const worker = go(function* () {
    yield* gosched()
    yield* gosched()
    return 7
  })
  const killer = style.go(function* () {
    worker.kill('enough')
  })
  const look = function* () {
    try {
      return yield* on(worker.join())
    } catch (error) {
      must(error instanceof KilledError && error.cause === 'enough', 'with its reason')
      return 'killed'
    }
  }
  const other = style.go(look)
  const mine = yield* look()
  must(mine === (yield* on(other.join())), 'one outcome')
  must(mine === 7 || mine === 'killed', `${mine}`)
  yield* on(killer.join())
})

proves('a goroutine that is killed while it joins leaves the other alone', function* (style) {
  const worker = style.go(function* () {
    yield* on(gosched())
    return 7
  })
  const joiner = go(function* () {
    return yield* worker.join()
  })
  const killer = style.go(function* () {
    joiner.kill()
  })
  yield* endOf(joiner)
  must((yield* on(worker.join())) === 7, 'the result')
  yield* on(killer.join())
})

proves(
  'two who kill each other both end',
  function* () {
    const started = chan<never>()
    const ends: string[] = []
    const one = go(function* () {
      try {
        yield* gosched()
        other.kill()
        yield* started.receive()
      } finally {
        ends.push('one')
      }
    })
    const other = go(function* () {
      try {
        yield* gosched()
        one.kill()
        yield* started.receive()
      } finally {
        ends.push('other')
      }
    })
    const closer = go(function* () {
      yield* gosched()
      started.close()
    })
    yield* endOf(one)
    yield* endOf(other)
    yield* on(closer.join())
    must(ends.length <= 2, 'each finally once')
  },
  [generatorStyle],
)

proves('the end of main ends its context and kills what is left, whose clean-up is awaited', function* () {
  const left = chan<never>()
  let hasStarted = false
  let hasCleanedUp = false
  let hasSeenTheEnd = false
  const main = run(
    async (ctx) => {
      go(function* () {
        hasStarted = true
        try {
          yield* left.receive()
        } finally {
          yield* gosched()
          hasCleanedUp = true
        }
      })
      go(function* () {
        hasSeenTheEnd = !(yield* tried(on(left.receive(ctx)))).ok
      })
      await gosched()
      await gosched()
      return 7
    },
    { signals: false },
  )
  must((yield* on(wait(main))) === 7, 'what main returned')
  must(hasStarted && hasSeenTheEnd && hasCleanedUp, 'all have ended before')
})

proves('a sleeper and its waker end in every order', function* (style) {
  const ctx = withCancel(background())
  const sleeper = style.go(() => tried(on(sleep(10, ctx))))
  const canceller = style.go(function* () {
    yield* on(sleep(10))
    ctx.cancel()
  })
  must((yield* on(sleeper.join())) !== undefined, 'it ends')
  yield* on(canceller.join())
})
