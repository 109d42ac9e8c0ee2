import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { chan, type Goroutine, go, gosched, Mutex, never } from 'warren'
import { formatLatency, type Latency, type LatencyReport, type LatencyWatch, watchLatency } from 'warren/debug'
import { scheduler } from '../../src/runtime/runtime.ts'
import { stepStyles } from '../support/lock-steps.ts'
import { idle } from '../support/styles.ts'

/** Watches on a clock that stands still unless it is moved. */
function watchOnClock(): { readonly watch: LatencyWatch; pass(ms: number): void } {
  let now = 1000
  vi.spyOn(scheduler.host, 'now').mockImplementation(() => now)
  const watch = watchLatency()
  onTestFinished(() => {
    vi.restoreAllMocks()
    watch[Symbol.dispose]()
  })
  return {
    watch,
    pass: (ms) => {
      now += ms
    },
  }
}

function latencyOf(report: LatencyReport, { id }: Goroutine<unknown>): Latency & { readonly hasEnded: boolean } {
  return report.goroutines.find((each) => each.id === id)!
}

for (const style of stepStyles) {
  describe(`the report of ${style.name} goroutines`, () => {
    test('tells how long each was parked, by reason', async () => {
      const { watch, pass } = watchOnClock()
      const mu = new Mutex()
      const gate = chan<never>()
      mu.tryLock()
      const goroutine = style.go('waiter', [
        ['lock', mu],
        ['receive', gate],
      ])
      await idle()
      pass(30)
      mu.unlock()
      await idle()
      pass(500)
      gate.close()
      await goroutine.join()
      const { parked, lifeMs, runnable, hasEnded } = latencyOf(watch.report(), goroutine)
      expect(hasEnded).toBe(true)
      expect(lifeMs).toBe(530)
      expect(parked.get('sync.Mutex.Lock')).toEqual({
        count: 1,
        totalMs: 30,
        meanMs: 30,
        maxMs: 30,
        p50Ms: 30,
        p90Ms: 30,
        p99Ms: 30,
        buckets: [{ fromMs: 16.384, toMs: 32.768, count: 1 }],
      })
      expect(parked.get('chan receive')).toMatchObject({ count: 1, totalMs: 500 })
      expect(runnable).toMatchObject({ totalMs: 0 })
    })

    test('tells how long each was runnable before it ran', async () => {
      const { watch, pass } = watchOnClock()
      const gate = chan<never>()
      const goroutine = style.go('late', [['receive', gate], ['step']])
      pass(7)
      await idle()
      // A hog: whoever was woken before it waits for its end.
      const hog = go(() => {
        gate.close()
        pass(100)
      })
      await hog.join()
      await goroutine.join()
      const { runnable } = latencyOf(watch.report(), goroutine)
      expect(runnable.maxMs).toBe(100)
      expect(runnable.totalMs).toBe(107)
      expect(runnable.buckets.map(({ count }) => count)).toContain(1)
    })

    test('has in it what has not ended', async () => {
      const { watch, pass } = watchOnClock()
      const gate = chan<never>()
      const goroutine = style.go('stuck', [['receive', gate]])
      await idle()
      pass(4000)
      const { parked, lifeMs, hasEnded } = latencyOf(watch.report(), goroutine)
      expect(parked.get('chan receive')).toMatchObject({ count: 1, totalMs: 4000 })
      expect([lifeMs, hasEnded]).toEqual([4000, false])
      const of = watch.report().functions.find(({ name }) => name === 'stuck')
      expect(of?.parked.get('chan receive')).toMatchObject({ count: 1, totalMs: 4000 })
      gate.close()
      await goroutine.join()
    })

    test('adds up goroutines of the same function', async () => {
      const { watch, pass } = watchOnClock()
      const gate = chan<never>()
      const all = Array.from({ length: 3 }, () => style.go('same', [['receive', gate]]))
      await idle()
      pass(10)
      gate.close()
      for (const each of all) await each.join()
      const [same] = watch.report().functions.filter(({ name }) => name === 'same')
      expect(same).toMatchObject({ goroutines: 3, lifeMs: 30 })
      expect(same?.parked.get('chan receive')).toMatchObject({ count: 3, totalMs: 30, meanMs: 10 })
      expect(same?.createdAt).toContain('lock-steps.ts')
    })

    // Cox-Buday, Concurrency in Go, chapter 1: a greedy worker holds the lock for its whole round, a polite one only while it
    // needs it, three times a round.
    test('shows who is starved', async () => {
      const { watch, pass } = watchOnClock()
      const mu = new Mutex()
      const work = (ms: number) => ['call', () => pass(ms)] as const
      const greedyRound = [['lock', mu], work(3), ['step'], ['unlock', mu]] as const
      const politeRound = [1, 2, 3].flatMap(() => [['lock', mu], work(1), ['step'], ['unlock', mu]] as const)
      const greedy = style.go('greedy', Array.from({ length: 60 }, () => greedyRound).flat())
      const polite = style.go('polite', Array.from({ length: 20 }, () => politeRound).flat())
      await greedy.join()
      await polite.join()
      const report = watch.report()
      const share = (goroutine: Goroutine<unknown>) => {
        const { parked, lifeMs } = latencyOf(report, goroutine)
        return (parked.get('sync.Mutex.Lock')?.totalMs ?? 0) / lifeMs
      }
      expect(share(polite)).toBeGreaterThan(0.6)
      expect(share(greedy)).toBeLessThan(0.4)
      const text = formatLatency(report.functions.filter(({ name }) => name === 'greedy' || name === 'polite'))
      expect(text).toMatch(
        /^1 goroutine \(polite\), waited \d+ % of \d+ ms\n {2}created at .*\n {2}sync\.Mutex\.Lock: \d+ % of the time, \d+ times; mean/,
      )
      expect(text).toMatch(/2\.05 ms - 4\.1 ms +█+/)
    })
  })
}

test('a goroutine that gives way is runnable until its turn', async () => {
  const { watch, pass } = watchOnClock()
  const polite = go(function* () {
    yield* gosched()
  })
  const other = go(function* () {
    pass(5)
    yield* gosched()
  })
  await Promise.all([polite.join(), other.join()])
  expect(latencyOf(watch.report(), polite).runnable).toMatchObject({ count: 2, totalMs: 5 })
})

test('of goroutines that have ended a thousand and more are listed, and all are counted', async () => {
  using watch = watchLatency()
  for (let i = 0; i < 2500; i++) go(function* many() {})
  await idle()
  const { goroutines, functions } = watch.report()
  expect(goroutines.length).toBeGreaterThanOrEqual(1000)
  expect(goroutines.length).toBeLessThan(2100)
  expect(functions.find(({ name }) => name === 'many')).toMatchObject({ goroutines: 2500 })
})

test('a watch that was disposed of hears of nothing more, and leaves nothing in the runtime', async () => {
  const watch = watchLatency()
  watch[Symbol.dispose]()
  const goroutine = go(function* () {
    yield* never.receive()
  })
  await idle()
  expect(watch.report()).toEqual({ goroutines: [], functions: [] })
  expect(scheduler.hooks).toBeNull()
  void goroutine.join().catch(() => {})
  goroutine.kill()
})
