import { describe, expect, test } from 'vitest'
import { chan, type Goroutine, go, gosched, Mutex, never, numGoroutine, run, select } from 'warren'
import { dump, type GoroutineRecord, goroutines } from 'warren/debug'
import { startDebugging } from '../../src/runtime/debugging.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { idle } from '../support/styles.ts'

startDebugging(scheduler)

function recordOf(goroutine: Goroutine<unknown>): GoroutineRecord {
  return goroutines().find(({ id }) => id === goroutine.id)!
}

describe('goroutines()', () => {
  test('lists main and all that live, oldest first, and forgets what has ended', async () => {
    const release = chan<never>()
    const [first, second] = [go(async () => release.receive()), go(function* () {})]
    await second.join()
    expect(goroutines().map(({ id }) => id)).toEqual([1, first.id])
    release.close()
    await first.join()
    expect(goroutines().map(({ id }) => id)).toEqual([1])
  })

  test('agrees with numGoroutine', async () => {
    const release = chan<never>()
    const workers = [go(async () => release.receive()), go(() => release.receive())]
    await gosched()
    expect(goroutines()).toHaveLength(numGoroutine())
    await run(async () => {
      expect(goroutines()).toHaveLength(numGoroutine())
      expect(goroutines()[0]).toMatchObject({ id: 1, kind: 'main', state: 'running' })
    })
    release.close()
    for (const worker of workers) await worker.join()
  })

  const mutex = new Mutex()
  const waits = [
    { state: 'chan receive', wait: () => chan().receive() },
    { state: 'chan send', wait: () => chan<number>().send(1) },
    { state: 'chan receive (nil chan)', wait: () => never.receive() },
    { state: 'select', wait: () => select([chan()]) },
    { state: 'select (no cases)', wait: () => select([]) },
    { state: 'sync.Mutex.Lock', wait: () => mutex.lock() },
  ]

  test.each(waits)('knows what waits for: $state', async ({ state, wait }) => {
    mutex.tryLock()
    const generator = go(function* named() {
      yield* wait()
    })
    const async = go(async function named() {
      await wait()
    })
    await gosched()
    expect(recordOf(generator)).toMatchObject({ name: 'named', kind: 'generator', state, parentId: 1 })
    expect(recordOf(async)).toMatchObject({ name: 'named', kind: 'async', state, parentId: 1 })
    for (const goroutine of [generator, async]) {
      const { since, blockedAt, createdAt } = recordOf(goroutine)
      expect(since).toBeLessThanOrEqual(performance.now())
      expect(blockedAt).toContain('goroutines.test.ts')
      expect(createdAt).toContain('goroutines.test.ts')
    }
  })

  test('are snapshots: they do not change', async () => {
    const release = chan<number>()
    const worker = go(async () => {
      await release.receive()
    })
    await gosched()
    const before = recordOf(worker)
    expect(before.state).toBe('chan receive')
    await release.send(1)
    await worker.join()
    expect(before.state).toBe('chan receive')
  })

  test('know what is not waiting', async () => {
    const queued = go(function* () {})
    expect(recordOf(queued)).toMatchObject({
      state: 'runnable',
      since: undefined,
      blockedAt: undefined,
      waitsFor: undefined,
    })
    await queued.join()
    const seen = go(function* () {
      yield* gosched()
      return goroutines()
    })
    expect((await seen.join()).find(({ id }) => id === seen.id)).toMatchObject({ state: 'running', since: undefined })
  })

  test('know who holds the lock that one waits for', async () => {
    const lock = new Mutex()
    const release = chan<never>()
    const holder = go(function* () {
      yield* lock.lock()
      yield* release.receive()
      lock.unlock()
    })
    const waiter = go(async () => {
      await lock.lock()
      lock.unlock()
    })
    await gosched()
    expect(recordOf(waiter).waitsFor).toMatchObject({ kind: 'sync.Mutex', holders: [holder.id] })
    release.close()
    await waiter.join()
  })
})

describe('dump()', () => {
  test('prints the caller as running, where it is', () => {
    expect(dump()).toMatch(/^goroutine 1 \[running\]:\n.*\n\t.*goroutines\.test\.ts:\d+:\d+/)
  })

  test('prints the others with both sites', async () => {
    const worker = go(function* worker() {
      yield* chan().receive()
    })
    await gosched()
    const part = dump()
      .split('\n\n')
      .find((text) => text.startsWith(`goroutine ${worker.id} [chan receive]:\nworker(...)\n\t`))
    expect(part).toMatch(
      /goroutines\.test\.ts:\d+:\d+\ncreated by .* in goroutine 1\n\t.*goroutines\.test\.ts:\d+:\d+$/,
    )
  })

  test("names run's main as goroutine 1", async () => {
    const text = await run(async function main() {
      return dump()
    })
    expect(text).toMatch(/^goroutine 1 \[running\]:\nmain\(\.\.\.\)\n/)
    expect(text.match(/^goroutine 1 /gm)).toHaveLength(1)
  })
})

describe('an async helper of a generator goroutine', () => {
  test('waits in the name of its goroutine, also after its first await', async () => {
    const release = chan<never>()
    const worker = go(function* worker() {
      const helper = async (): Promise<void> => {
        await null
        await release.receive()
      }
      void helper()
      yield* never.receive()
    })
    const other = go(async () => release.receive())
    await idle()
    expect(recordOf(worker).state).toBe('chan receive')
    expect(recordOf(other).state).toBe('chan receive')
    expect(goroutines()[0]!.state).toBe('running')
    release.close()
    await other.join()
  })
})
