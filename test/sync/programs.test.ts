// What misuse and deadlocks of locks do to a whole program.
import { describe, expect, test } from 'vitest'
import { type Ended, runWithNode, runWithWarren } from '../support/program.ts'

/** Our part of what was printed: newer versions of Node say something of their own about a stuck top level. */
function report({ stderr }: Ended): string {
  return stderr.slice(Math.max(stderr.indexOf('fatal error:'), 0))
}

describe('a deadlock', () => {
  for (const style of ['generator', 'async'] as const) {
    test(`over two locks names the cycle, at the top of the dump (${style})`, async () => {
      const [wait, fn] = style === 'generator' ? ['yield*', 'function*'] : ['await', 'async function']
      const ended = await runWithWarren(`
        import { go, gosched, Mutex, run } from 'warren'
        const a = new Mutex()
        const b = new Mutex()
        ${fn} crossing(first: Mutex, second: Mutex) {
          ${wait} first.lock()
          ${wait} gosched()
          ${wait} second.lock()
        }
        await run(async () => {
          go(crossing, a, b)
          await go(crossing, b, a).join()
        })
      `)
      expect(ended.code).toBe(2)
      expect(report(ended)).toMatch(
        /^fatal error: all goroutines are asleep - deadlock!\n\nwait-for cycle:\n {2}goroutine \d+ \(crossing\) waits for sync\.Mutex \d+, held by goroutine \d+ \(crossing\)\n {2}goroutine/,
      )
      expect(report(ended)).toContain('[sync.Mutex.Lock]:\n')
    })
  }

  test('of a lock whose holder has ended says so', async () => {
    const ended = await runWithNode(`
      import { go, Mutex, run } from 'warren'
      const mu = new Mutex()
      await run(function* () {
        yield* go(function* forgetful() { yield* mu.lock() }).join()
        yield* mu.lock()
      })
    `)
    expect(ended.code).toBe(2)
    expect(report(ended)).toMatch(/waits for sync\.Mutex 1, held by goroutine \d+ \(forgetful\), which has ended/)
  })
})

describe('a panic', () => {
  test.each([
    ['new Mutex().unlock()', 'sync: unlock of unlocked mutex'],
    ['new RWMutex().unlock()', 'sync: Unlock of unlocked RWMutex'],
    ['new RWMutex().rUnlock()', 'sync: RUnlock of unlocked RWMutex'],
    ['new WaitGroup().done()', 'sync: negative WaitGroup counter'],
    ['new Semaphore(1).release()', 'semaphore: released more than held'],
  ])('of %s in a goroutine ends the program', async (misuse, message) => {
    const ended = await runWithNode(`
      import { go, Mutex, RWMutex, Semaphore, sleep, WaitGroup } from 'warren'
      go(function* () { ${misuse} })
      await sleep(60_000)
    `)
    expect(ended.code).toBe(2)
    expect(ended.stderr.startsWith(`panic: ${message}\n\ngoroutine `)).toBe(true)
  })

  test.each([
    ['async () => { throw new Error("boom") }'],
    ['function* () { throw new Error("boom") }'],
    ['() => { throw new Error("boom") }'],
  ])('is what a failure of a function of WaitGroup.go is: %s', async (fn) => {
    const ended = await runWithNode(`
      import { sleep, WaitGroup } from 'warren'
      const wg = new WaitGroup()
      wg.go(${fn})
      await wg.wait()
      await sleep(60_000)
    `)
    expect(ended.code).toBe(2)
    expect(ended.stderr.startsWith('panic: boom\n')).toBe(true)
  })

  test('is what a failure of a Once is whose first caller has left', async () => {
    const ended = await runWithNode(`
      import { background, chan, Once, sleep, withCancel } from 'warren'
      const once = new Once()
      const gate = chan()
      const ctx = withCancel(background())
      const first = once.do(async () => { await gate.receive(); throw new Error('boom') }, ctx)
      const second = once.do(() => {})
      ctx.cancel()
      await first.catch((error) => console.log(error.message))
      gate.close()
      await second
      console.log('done')
      await sleep(60_000)
    `)
    expect(ended).toMatchObject({ code: 2, stdout: 'context canceled\ndone\n' })
    expect(ended.stderr.startsWith('panic: boom\n')).toBe(true)
  })

  test('is not what a failure is that somebody was given', async () => {
    const ended = await runWithNode(`
      import { chan, Group, Once, onceFunc, SingleFlight } from 'warren'
      const fail = async () => { throw new Error('boom') }
      const log = (error) => console.log(error.message)
      await new Once().do(fail).catch(log)
      await onceFunc(fail)().catch(log)
      await new SingleFlight().do('key', fail).catch(log)
      const group = new Group()
      await group.go(fail)
      await group.wait().catch(log)
      await new Promise((resolve) => setTimeout(resolve, 20))
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'boom\n'.repeat(4), stderr: '' })
  })
})
