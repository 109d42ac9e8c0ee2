// Every wait of `warren/sync`, given up while it could end: it has what it waited for, or the next one gets it.
import { background, go, gosched, withCancel } from 'warren'
import { endOf, must, proves, tried } from '../support/explored.ts'
import { expectNoWaits } from '../support/scopes.ts'
import { asyncStyle, generatorStyle, on, styles } from '../support/styles.ts'
import { type Blocked, syncWaits } from '../support/sync-waits.ts'

/** Those of a Cond and a Group's start go on after they were let through: cond.test.ts, group.test.ts. */
const waits = syncWaits.filter(({ name }) => !name.startsWith('Cond') && name !== 'Group.go')

function* waitAndGiveBack(blocked: Blocked) {
  yield* on(blocked.wait())
  blocked.after?.(true)
}

for (const { name, make, isReleasedLater } of waits) {
  // What ends through a goroutine of its own has many more schedules.
  const tryIn = isReleasedLater ? [asyncStyle] : styles

  proves(
    `a cancelled wait takes nothing: ${name}`,
    function* (style) {
      const blocked = make()
      const ctx = withCancel(background())
      const others = [
        function* () {
          blocked.release()
        },
        function* () {
          ctx.cancel()
        },
        () => waitAndGiveBack(blocked),
      ].map((body) => style.go(body))
      // A function of onceFunc takes no context.
      const wasLetThrough = name.includes('onceFunc')
        ? yield* tried(on(blocked.wait()))
        : yield* tried(on(blocked.wait(ctx)))
      blocked.after?.(wasLetThrough.ok)
      for (const other of others) yield* on(other.join())
      expectNoWaits(ctx)
      yield* waitAndGiveBack(blocked)
    },
    tryIn,
  )

  proves(
    `a killed wait takes nothing: ${name}`,
    function* (style) {
      const blocked = make()
      const victim = go(function* () {
        let wasLetThrough = false
        try {
          yield* on(blocked.wait())
          wasLetThrough = true
          yield* gosched()
        } finally {
          blocked.after?.(wasLetThrough)
        }
      })
      yield* on(gosched())
      const others = [
        function* () {
          blocked.release()
        },
        function* () {
          victim.kill()
        },
      ].map((body) => style.go(body))
      const third = isReleasedLater ? undefined : style.go(() => waitAndGiveBack(blocked))
      yield* endOf(victim)
      for (const other of others) yield* on(other.join())
      if (third !== undefined) yield* on(third.join())
      yield* waitAndGiveBack(blocked)
    },
    tryIn,
  )
}

proves(
  'the same context ends several waits in the middle of a queue',
  function* (style) {
    for (const { make, isShared, name } of waits.filter(({ name }) => name.startsWith('Semaphore'))) {
      const blocked = make()
      const ctx = withCancel(background())
      const given = [0, 1].map(() =>
        style.go(function* () {
          const { ok } = yield* tried(on(blocked.wait(ctx)))
          blocked.after?.(ok)
          return ok
        }),
      )
      const last = style.go(() => waitAndGiveBack(blocked))
      yield* on(gosched())
      ctx.cancel()
      for (const each of given) must(!(yield* on(each.join())), `nobody has let them through: ${name}, ${isShared}`)
      blocked.release()
      yield* on(last.join())
    }
  },
  [generatorStyle],
)
