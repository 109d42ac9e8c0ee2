// Larger programs, in which everything happens at once: too many schedules for a proof, so many of them at random.
import {
  background,
  type Chan,
  Cond,
  chan,
  type Goroutine,
  go,
  gosched,
  Mutex,
  type Operation,
  PanicError,
  RWMutex,
  Semaphore,
  select,
  sending,
  sleep,
  withCancel,
  withTimeout,
} from 'warren'
import { endOf, must, mustEqual, survives, tried } from '../support/explored.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { expectHoldsNothing } from '../support/scopes.ts'
import { type Body, on } from '../support/styles.ts'

for (const capacity of [0, 1]) {
  survives(`every value is received, or never sent: capacity ${capacity}`, function* (style) {
    const channels = [chan<number>(capacity), chan<number>(capacity)] as const
    const ctx = withCancel(background())
    const sent = new Set<number>()
    const got: number[] = []
    const check = () => channels.forEach(checkInvariants)

    function* sender(id: number, form: number): Body {
      for (let i = 0; i < 2; i++) {
        const value = id * 10 + i
        const ch = channels[(id + i) % 2]!
        if (form === 0) yield* on(ch.send(value, ctx))
        else if (form === 1) yield* on(select([sending(ch, value)], { ctx }))
        else yield* on(ch.sendMany([value], ctx))
        sent.add(value)
        check()
      }
    }
    function* receiver(form: number): Body {
      for (;;) {
        let values: readonly number[]
        if (form === 0) {
          const picked = yield* on(select(channels, { ctx }))
          values = picked.ok ? [picked.value] : []
        } else {
          values = yield* on(channels[form - 1]!.receiveMany(2, ctx))
        }
        got.push(...values)
        check()
      }
    }
    const killed = go(function* () {
      yield* receiver(0)
    })
    const workers: Goroutine<unknown>[] = [
      style.go(() => tried(sender(1, 0))),
      style.go(() => tried(sender(2, 1))),
      style.go(() => tried(sender(3, 2))),
      style.go(() => tried(receiver(1))),
      style.go(() => tried(receiver(2))),
    ]
    yield* on(gosched())
    killed.kill()
    yield* endOf(killed)
    yield* on(gosched())
    yield* on(gosched())
    ctx.cancel()
    check()
    for (const worker of workers) yield* on(worker.join())
    yield* on(gosched())
    for (const ch of channels) {
      for (let rest = ch.tryReceive(); rest !== undefined; rest = ch.tryReceive()) if (rest.ok) got.push(rest.value)
    }
    mustEqual(got.sort(), [...sent].sort(), 'what was sent')
    expectNoWaiters(...channels)
    expectHoldsNothing(ctx)
  })
}

survives('locks of every kind, given up in every way, are free at the end', function* (style) {
  const mu = new Mutex()
  const rw = new RWMutex()
  const sem = new Semaphore(2)
  const cond = new Cond(mu)
  const ctx = withTimeout(background(), 10)
  let inside = 0
  let tokens = 0

  function* work(id: number): Body {
    {
      using _ = yield* on(rw.rLock(ctx))
      using __ = yield* on(sem.acquire(1 + (id % 2), ctx))
      yield* on(gosched())
    }
    {
      using _ = yield* on(id % 2 === 0 ? rw.lock(ctx) : rw.rLock(ctx))
      yield* on(gosched())
    }
    using _ = yield* on(mu.lock(ctx))
    must(++inside === 1, 'alone')
    inside--
    tokens++
    cond.signal()
    while (tokens < 2) {
      yield* on(cond.wait(ctx))
      must(++inside === 1, 'alone')
      inside--
    }
    tokens -= 2
    cond.signal()
  }
  const victims = [0, 1].map((id) =>
    go(function* () {
      yield* work(id)
    }),
  )
  const workers = [0, 1, 2].map((id) => style.go(() => tried(work(id))))
  for (const [i, victim] of victims.entries()) {
    yield* on(sleep(5 * (i + 1)))
    victim.kill()
  }
  for (const victim of victims) yield* tried(endOf(victim))
  for (const worker of workers) yield* on(worker.join())
  must(mu.tryLock() && rw.tryLock() && sem.tryAcquire(2), 'all are free')
  expectHoldsNothing(ctx)
})

survives('a pipeline that is closed from its source loses nothing', function* (style) {
  const stages: Chan<number>[] = [chan<number>(), chan<number>(1), chan<number>(2)]
  const workers = [0, 1].flatMap((stage) =>
    [0, 1].map(() =>
      style.go(function* () {
        for (;;) {
          const next = yield* on(stages[stage]!.next())
          if (next.done === true) return
          yield* on(stages[stage + 1]!.send(next.value))
        }
      }),
    ),
  )
  const closer = style.go(function* () {
    for (const stage of [0, 1]) {
      for (const worker of workers.slice(stage * 2, stage * 2 + 2)) yield* on(worker.join())
      stages[stage + 1]!.close()
    }
  })
  const source = style.go(function* () {
    yield* on(stages[0]!.sendMany([1, 2, 3, 4]))
    stages[0]!.close()
  })
  const got: number[] = []
  for (;;) {
    const some = yield* on(stages[2]!.receiveMany())
    if (some.length === 0) break
    got.push(...some)
  }
  mustEqual(got.sort(), [1, 2, 3, 4], 'all')
  for (const each of [...workers, closer, source]) yield* on(each.join())
  expectNoWaiters(...stages)
})

survives('channels that are closed under everybody leave nobody behind', function* (style) {
  const a = chan<number>()
  const b = chan<number>(1)
  const sent: number[] = []
  const got: number[] = []
  const workers = [1, 2, 3, 4].map((id) =>
    style.go(function* () {
      try {
        for (let i = 0; i < 2; i++) {
          const value = id * 10 + i
          const picked = yield* on(select({ sent: sending(id % 2 === 0 ? a : b, value), got: id < 3 ? b : a }))
          if (picked.case === 'sent') sent.push(value)
          else if (picked.ok) got.push(picked.value)
        }
      } catch (error) {
        must(error instanceof PanicError && error.code === 'ERR_SEND_CLOSED', `a panic: ${error}`)
      }
    }),
  )
  yield* on(gosched())
  yield* on(gosched())
  a.close()
  checkInvariants(a)
  yield* on(gosched())
  b.close()
  checkInvariants(b)
  for (const worker of workers) yield* on(worker.join())
  for (let rest = b.tryReceive(); rest?.ok; rest = b.tryReceive()) got.push(rest.value)
  mustEqual(got.sort(), sent.sort(), 'what was sent')
})

survives('things under a condition are taken by those who neither gave up nor were killed', function* (style) {
  const rw = new RWMutex()
  for (const locker of [new Mutex(), rw, rw.rLocker()]) {
    const cond = new Cond(locker)
    const controller = new AbortController()
    let things = 0
    let taken = 0
    function* take(cancel?: AbortSignal): Body {
      yield* on(locker.lock() as Operation<unknown>)
      try {
        while (things === 0) yield* on(cond.wait(cancel))
        things--
        taken++
      } finally {
        locker.unlock()
      }
    }
    const victims = [0, 1].map(() =>
      go(function* () {
        yield* take()
      }),
    )
    const patient = [0, 1].map(() => style.go(() => take()))
    const impatient = [0, 1].map(() => style.go(() => tried(take(controller.signal))))
    const putter = style.go(function* () {
      for (let i = 0; i < 3; i++) {
        yield* on(locker.lock() as Operation<unknown>)
        things++
        locker.unlock()
        cond.signal()
      }
    })
    const killer = style.go(function* () {
      for (const victim of victims) {
        victim.kill()
        yield* on(gosched())
      }
    })
    const aborter = style.go(function* () {
      controller.abort()
    })
    for (const each of [putter, killer, aborter]) yield* on(each.join())
    for (const each of victims) yield* endOf(each)
    for (const each of impatient) yield* on(each.join())
    // Those who are left are the patient: each lacks at most one.
    for (const _ of patient) {
      things++
      cond.signal()
    }
    for (const each of patient) yield* on(each.join())
    must(things + taken === 5, `${things} left, ${taken} taken`)
    yield* on(locker.lock() as Operation<unknown>)
    locker.unlock()
  }
})
