import { describe, expect, test } from 'vitest'
import { type Ended, type ProgramOptions, runWithNode, runWithWarren } from '../support/program.ts'

const fatal = 'fatal error: all goroutines are asleep - deadlock!\n\n'

const runners: readonly { name: string; run: (source: string, options?: ProgramOptions) => Promise<Ended> }[] = [
  { name: 'warren run', run: runWithWarren },
  { name: 'node', run: runWithNode },
]

const knowing = {
  name: 'node with WARREN_DEBUG=1',
  run: (source: string) => runWithNode(source, { env: { WARREN_DEBUG: '1' } }),
}

/** What is ours: from version 24 on, Node has a warning of its own about a stuck top level, and prints it first. */
function report(ended: Ended): string {
  return ended.stderr.replace(/^Warning: Detected unsettled top-level await at [^\n]*\n[^\n]*\n *\^\n+/, '')
}

/** Programs whose main can never go on, in every style. */
const stuck = [
  { name: 'an async main', source: 'await run(async () => { await chan().receive() })', state: 'chan receive' },
  { name: 'a generator main', source: 'await run(function* () { yield* chan().send(1) })', state: 'chan send' },
  { name: 'a top-level await', source: 'await select({})', state: 'select (no cases)' },
  { name: 'a top-level await of a join', source: 'await go(async () => chan().receive()).join()', state: 'join' },
]

describe.each([...runners, knowing])('under $name', ({ name, run }) => {
  test.each(stuck)('$name that can never go on is a fatal error with a dump', async ({ source, state }) => {
    const ended = await run(`import { chan, go, run, select } from 'warren'\n${source}`)
    expect(ended.code).toBe(2)
    expect(ended.stdout).toBe('')
    const isKnown = name !== 'node' || source.includes('function*')
    expect(report(ended).startsWith(`${fatal}goroutine 1 [${isKnown ? state : 'async, not tracked'}]:\n`)).toBe(true)
    if (!isKnown) expect(ended.stderr).toContain(`1 ${state}`)
  })
})

describe.each(runners)('under $name', ({ run }) => {
  test('main that ended by goexit while nobody is left is a fatal error of its own', async () => {
    const ended = await run(`
      import { go, goexit, gosched, run } from 'warren'
      await run(async () => {
        go(async () => { await gosched(); console.log('the others go on') })
        goexit()
      })
    `)
    expect(ended.stdout).toBe('the others go on\n')
    expect(report(ended)).toMatch(/^fatal error: no goroutines \(main called runtime\.Goexit\) - deadlock!\n/)
    expect(ended.code).toBe(2)
  })

  test('main that ended by goexit while others are blocked is the common fatal error, without main in the dump', async () => {
    const ended = await run(`
      import { chan, go, goexit, run } from 'warren'
      await run(async () => {
        go(function* () { yield* chan().receive() })
        goexit()
      })
    `)
    expect(report(ended).startsWith(fatal)).toBe(true)
    expect(ended.stderr).toContain('goroutine 2 [chan receive]:\n')
    expect(ended.stderr).not.toContain('goroutine 1 [')
    expect(ended.code).toBe(2)
  })

  test('goroutines that are left blocked when main has finished are leaks, and nothing is said', async () => {
    const ended = await run(`
      import { chan, go, gosched, run } from 'warren'
      go(async () => { await chan().receive() })
      go(function* () { yield* chan().receive() })
      await gosched()
      await run(async () => {
        go(async () => { await chan().send(1) })
        await gosched()
      })
      chan().receive()
    `)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('process.exit while main is blocked keeps its code, and nothing is said', async () => {
    const ended = await run(`
      import { chan, run } from 'warren'
      setImmediate(() => process.exit(0))
      await run(async () => { await chan().receive() })
    `)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('process.exit(13) is not taken for a stuck top level', async () => {
    const ended = await run(`
      import { chan, gosched } from 'warren'
      chan().receive()
      await gosched()
      process.exit(13)
    `)
    expect(ended).toMatchObject({ code: 13, stderr: '' })
  })

  test('a program that finishes with exit code 13 is not taken for a stuck top level', async () => {
    const ended = await run(`
      import { chan, gosched } from 'warren'
      chan().receive()
      await gosched()
      process.exitCode = 13
    `)
    expect(ended).toMatchObject({ code: 13, stderr: '' })
  })

  test('a beforeExit listener that gives the program more to do is waited for', async () => {
    const ended = await run(`
      import { chan, run } from 'warren'
      const more = chan()
      let rounds = 0
      process.on('beforeExit', () => {
        if (++rounds < 3) setTimeout(() => {}, 1)
        else if (rounds === 3) setTimeout(() => more.trySend('work'), 1)
      })
      await run(async () => { console.log(await more.receive()) })
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'work\n', stderr: '' })
  })

  test('a beforeExit listener that wakes main at once is waited for', async () => {
    const ended = await run(`
      import { chan, run } from 'warren'
      const more = chan()
      process.on('beforeExit', () => more.trySend('work'))
      await run(async () => { console.log(await more.receive()) })
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'work\n', stderr: '' })
  })

  test('a timer, or a wait for one, keeps the program from being taken for stuck', async () => {
    const ended = await run(`
      import { chan, run, sleep } from 'warren'
      await run(async () => {
        const ch = chan()
        setTimeout(() => ch.trySend('by a timer'), 20)
        console.log(await ch.receive())
        await sleep(20)
      })
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'by a timer\n', stderr: '' })
  })
})

describe('the dump of a deadlock', () => {
  const source = `import { chan, go, Mutex, never, run, select, WaitGroup } from 'warren'
const group = new WaitGroup()
const mutex = new Mutex()
group.add(1)
mutex.tryLock()
function* locks() {
  yield* mutex.lock()
}
await run(async function main() {
  go(async function receives() { await chan().receive() })
  go(function* sends() { yield* chan().send(1) })
  go(async function receivesNil() { await never.receive() })
  go(function* sendsNil() { yield* never.send(1) })
  go(async function selects() { await select({ a: chan(), b: chan() }) })
  go(function* selectsNothing() { yield* select({ a: null }) })
  const locked = go(function* waitsForLock() { yield* locks() })
  go(async function joins() { await locked.join() })
  go(async function fetches() { await new Promise(() => {}) })
  await group.wait()
})
`

  test('lists every goroutine with what it waits for, where, and who made it', async () => {
    const { stderr, code } = await runWithWarren(source)
    expect(code).toBe(2)
    const created = (line: number): string => `created by main in goroutine 1\n\tprogram.ts:${line}:3`
    const [, ...parts] = stderr.trimEnd().split('\n\n')
    expect(parts.map((part) => part.replace(/:(\d+):\d+/g, (_, line) => `:${line}`))).toEqual(
      [
        'goroutine 1 [sync.WaitGroup.Wait]:\nmain(...)\n\tprogram.ts:19',
        `goroutine 2 [chan receive]:\nreceives(...)\n\tprogram.ts:10\n${created(10)}`,
        `goroutine 3 [chan send]:\nsends(...)\n\tprogram.ts:11\n${created(11)}`,
        `goroutine 4 [chan receive (nil chan)]:\nreceivesNil(...)\n\tprogram.ts:12\n${created(12)}`,
        `goroutine 5 [chan send (nil chan)]:\nsendsNil(...)\n\tprogram.ts:13\n${created(13)}`,
        `goroutine 6 [select]:\nselects(...)\n\tprogram.ts:14\n${created(14)}`,
        `goroutine 7 [select (no cases)]:\nselectsNothing(...)\n\tprogram.ts:15\n${created(15)}`,
        `goroutine 8 [sync.Mutex.Lock]:\nlocks(...)\n\tprogram.ts:7\nwaitsForLock(...)\n\tprogram.ts:16\nwaits for sync.Mutex 1, held by goroutine 1 (main)\n${created(16)}`,
        `goroutine 9 [join]:\njoins(...)\n\tprogram.ts:17\n${created(17)}`,
        `goroutine 10 [IO wait]:\nfetches(...)\n\tsite not recorded\n${created(18)}`,
      ].map((part) => part.replace(/:(\d+):3$/, ':$1')),
    )
  })

  test('says which sites are not recorded, and never guesses a goroutine', async () => {
    const { stderr } = await runWithNode(source)
    expect(stderr).toContain('goroutine 3 [chan send]:\nsends(...)\n\tsite not recorded\n')
    expect(stderr).not.toContain('created by')
    expect(stderr).toContain(
      'awaiting: 1 chan receive, 1 chan receive (nil chan), 1 select, 1 sync.WaitGroup.Wait, 1 join',
    )
    expect(stderr).toContain('set WARREN_DEBUG=1')
  })
})

describe('the wait-for cycle', () => {
  test.each([runners[0]!, knowing])('names both owners of two mutexes, under $name', async ({ run }) => {
    const { stderr, code } = await run(`
      import { chan, go, Mutex, run } from 'warren'
      const a = new Mutex()
      const b = new Mutex()
      await run(async function main() {
        const ready = chan()
        const first = go(async function first() { await a.lock(); await ready.send(); await b.lock() })
        go(function* second() { yield* b.lock(); yield* ready.receive(); yield* a.lock() })
        await first.join()
      })
    `)
    expect(code).toBe(2)
    expect(stderr).toContain(
      `${fatal}wait-for cycle:\n` +
        '  goroutine 2 (first) waits for sync.Mutex 1, held by goroutine 3 (second)\n' +
        '  goroutine 3 (second) waits for sync.Mutex 2, held by goroutine 2 (first)\n\n',
    )
  })

  test('names both owners of two RWMutexes: one read-locked, one waiting to write', async () => {
    const { stderr } = await runWithWarren(`
      import { chan, go, gosched, run, RWMutex } from 'warren'
      const a = new RWMutex()
      const b = new RWMutex()
      await run(async function main() {
        go(async function first() { await a.rLock(); await gosched(); await gosched(); await b.lock() })
        go(function* second() { yield* b.rLock(); yield* gosched(); yield* gosched(); yield* a.lock() })
        await chan().receive()
      })
    `)
    expect(stderr).toMatch(/goroutine 2 \(first\) waits for sync\.RWMutex \d, held by goroutine 3 \(second\)\n/)
    expect(stderr).toMatch(/goroutine 3 \(second\) waits for sync\.RWMutex \d, held by goroutine 2 \(first\)\n/)
  })

  test.each([
    {
      style: 'async',
      main: 'async function main() { await a.do(async function first() { await b.do(async function second() { await a.do(() => {}) }) }) }',
    },
    {
      style: 'generator',
      main: 'function* main() { yield* a.do(function* first() { yield* b.do(function* second() { yield* a.do(() => {}) }) }) }',
    },
  ])('names the functions of a circular Once, $style', async ({ main }) => {
    const { stderr, code } = await runWithWarren(`
      import { Once, run } from 'warren'
      const a = new Once()
      const b = new Once()
      await run(${main})
    `)
    expect(code).toBe(2)
    expect(stderr).toContain(`${fatal}wait-for cycle:\n`)
    expect(stderr).toMatch(/goroutine 2 \(first\) waits for sync\.Once \d, held by goroutine 3 \(second\)\n/)
    expect(stderr).toMatch(/goroutine 3 \(second\) waits for sync\.Once \d, held by goroutine 2 \(first\)\n/)
  })

  test('names the goroutine that locks its own mutex again', async () => {
    const { stderr } = await runWithWarren(`
      import { Mutex, run } from 'warren'
      await run(async function main() {
        const mutex = new Mutex()
        await mutex.lock()
        await mutex.lock()
      })
    `)
    expect(stderr).toContain('  goroutine 1 (main) waits for sync.Mutex 1, which it holds itself\n')
  })

  test('is not claimed where there is none; an owner that has ended is named as such', async () => {
    const { stderr } = await runWithWarren(`
      import { go, Mutex, run } from 'warren'
      const mutex = new Mutex()
      await run(async function main() {
        await go(async function forgetful() { await mutex.lock() }).join()
        await mutex.lock()
      })
    `)
    expect(stderr).not.toContain('cycle')
    expect(stderr).toContain('waits for sync.Mutex 1, held by goroutine 2 (forgetful), which has ended\n')
  })
})
