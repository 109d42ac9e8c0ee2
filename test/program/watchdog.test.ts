import { describe, expect, test } from 'vitest'
import { type Ended, Project, type Running, runWithNode } from '../support/program.ts'

const imports = `
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { chan, go, run, sleep } from 'warren'
import { watchdog } from 'warren/debug'
`

// Hogs go on until the test has seen what it waits for and writes the file `seen`. The bound is for a test that fails.
const hogs = `
function spin() {
  const end = Date.now() + 15_000
  while (!existsSync('seen') && Date.now() < end);
}
`

/** Runs a program until `text` is on standard error, and then lets its hogs end. */
async function runUntil(text: string, source: string, start = nodeProgram): Promise<Ended> {
  using project = new Project()
  const program = start(project, `${imports}${hogs}${source}`)
  await program.complained(text)
  project.write({ seen: '' })
  const ended = await program.ended
  return { ...ended, stderr: ended.stderr.replaceAll(`${project.path}/`, '') }
}

/** Runs a program that cannot be told to end until `text` is on standard error, and kills it. */
async function killAfter(text: string, source: string): Promise<string> {
  using project = new Project()
  const program = nodeProgram(project, `${imports}${source}`)
  await program.complained(text)
  program.kill('SIGKILL')
  return (await program.ended).stderr.replaceAll(`${project.path}/`, '')
}

function nodeProgram(project: Project, source: string): Running {
  project.write({ 'program.mjs': source })
  return project.node(['program.mjs'])
}

const dog = 'watchdog({ thresholdMs: 100 })'

describe('the watchdog names the function that keeps the thread, and its place', () => {
  test.each([
    { name: 'in a generator goroutine', hog: 'go(function* hog() { yield* sleep(1); spin() })', goroutine: '2 (hog)' },
    { name: 'in an async goroutine at its start', hog: 'go(async function hog() { spin() })', goroutine: '2 (hog)' },
    { name: 'in an async goroutine', hog: 'go(async function hog() { await sleep(1); spin() })' },
    { name: 'in a timer', hog: 'setTimeout(function hog() { spin() }, 1)' },
    { name: 'in microtasks', hog: 'setTimeout(async function hog() { await null; spin() }, 1)' },
    { name: 'at the top level', hog: 'hog(); function hog() { spin() }' },
  ])('$name', async ({ hog, goroutine }) => {
    const { code, stderr } = await runUntil('spin(...)', `${dog}\n${hog}`)
    const head = goroutine === undefined ? '' : `goroutine ${goroutine} [running]:\n`
    // A machine that is busy may have had more to tell, before.
    const report = stderr.slice(stderr.search(/warren: the thread has been busy for \d+ ms in spin/))
    expect(report.replaceAll(/\d+ ms|:\d+(?=$|\))/gm, '*')).toMatch(
      `warren: the thread has been busy for * in spin (program.mjs:10*)\n${head}spin(...)\n\tprogram.mjs:10*\n`,
    )
    expect(report).toMatch(/^.*hog.*\(\.\.\.\)\n\tprogram\.mjs:13:\d+$/m)
    expect(code).toBe(0)
  })

  test.each([
    { name: 'a loop', hog: 'for (;;);' },
    {
      name: 'a chain of microtasks',
      hog: 'const again = () => { for (let i = 0; i < 1e5; i++); hog() }; Promise.resolve().then(again)',
    },
    { name: 'a regular expression', hog: "/^(a+)+$/.test('a'.repeat(40) + 'b')" },
    { name: 'Atomics.wait', hog: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)' },
    { name: 'a sort', hog: 'new Array(1e5).fill(0).sort(() => { for (let i = 0; i < 1e6; i++); return 0 })' },
  ])('while it is in $name that does not end', async ({ hog }) => {
    const stderr = await killAfter('program.mjs:9:', `${dog}\nsetTimeout(hog, 1)\nfunction hog() { ${hog} }`)
    expect(stderr).toMatch(/^warren: the thread has been busy for \d+ ms in \S+ \(program\.mjs:9:\d+\)$/m)
  })

  test('after a synchronous call that cannot be asked; before that it says so', async () => {
    using project = new Project()
    const call = 'while [ ! -e seen ]; do sleep 0.01; done'
    const program = nodeProgram(
      project,
      `${imports}${dog}\nsetTimeout(function hog() { execSync('${call}') }, 1)\nsetInterval(() => {}, 1000)`,
    )
    await program.complained(' ms in native code that cannot be asked for its stack')
    project.write({ seen: '' })
    await program.complained(' ms in hog (')
    program.kill('SIGKILL')
    const { stderr } = await program.ended
    expect(stderr).toMatch(/^warren: the thread has been busy for \d+ ms in hog \(.*program\.mjs:8:\d+\)$/m)
  })

  test('after JSON.parse of something large', async () => {
    const { stderr } = await runUntil(
      ' ms in hog (',
      `
      const text = '[' + '{"a":[1,2,3]},'.repeat(5e5) + '1]'
      let sum = 0
      setTimeout(function hog() { for (const each of JSON.parse(text)) sum += String(each).length }, 1)
      watchdog({ thresholdMs: 20 })
    `,
    )
    expect(stderr).toMatch(/busy for \d+ ms in hog \(program\.mjs:15:\d+\)\n/)
  })

  test('under warren run --watchdog, with the goroutine of async code and the place in TypeScript', async () => {
    const { code, stderr } = await runUntil(
      'spin(...)',
      `
      interface Unused { readonly n: number }
      await run(async function main() {
        const g = go(async function hog() { await null; await sleep(1); spin() })
        await g.join()
      })
    `,
      (project, source) => {
        project.write({ 'program.ts': source })
        return project.warren(['run', '--watchdog=100', 'program.ts'])
      },
    )
    expect(stderr).toMatch(
      /busy for \d+ ms in spin \(program\.ts:10:\d+\)\ngoroutine 2 \(hog\) \[running\]:\nspin\(\.\.\.\)\n\tprogram\.ts:10:\d+\nhog\(\.\.\.\)\n\tprogram\.ts:15:\d+\n/,
    )
    expect(code).toBe(0)
  })
})

test('a stall is told of once, and again when it has become ten times as long', async () => {
  // The text of the second report: until it is there, a third would have been seen.
  const { stderr } = await runUntil(
    'told twice',
    `
    import { writeSync } from 'node:fs'
    watchdog({ thresholdMs: 30 })
    setTimeout(function hog() {
      const end = performance.now() + 600
      while (performance.now() < end);
      setTimeout(() => writeSync(2, 'told twice'), 1)
    }, 1)
  `,
  )
  const told = [...stderr.matchAll(/busy for (\d+) ms in hog/g)].map(([, ms]) => Number(ms))
  expect(told.length).toBeGreaterThan(0)
  for (const [i, ms] of told.entries()) expect(ms).toBeGreaterThanOrEqual(i === 0 ? 30 : 10 * told[i - 1]! - 1)
})

describe('the watchdog is silent', () => {
  test.each([
    { name: 'while the program waits', body: 'watchdog({ thresholdMs: 400 })\nawait sleep(1200)' },
    {
      name: 'of what is shorter than the threshold',
      body: 'watchdog({ thresholdMs: 10_000 })\nconst end = Date.now() + 50\nwhile (Date.now() < end);\nawait sleep(50)',
    },
    {
      name: 'when it has been disposed of',
      body: `const d = ${dog}\nd[Symbol.dispose]()\nd[Symbol.dispose]()\nbusy()`,
    },
    { name: 'if it is to print nothing', body: 'watchdog({ thresholdMs: 50, print: false })\nbusy()\nawait sleep(1)' },
  ])('$name', async ({ body }) => {
    const source = `${imports}function busy() { const end = Date.now() + 300; while (Date.now() < end); }\n`
    expect(await runWithNode(source + body)).toMatchObject({ code: 0, stderr: '' })
  })

  test('while a debugger has paused the program, and leaves it paused', async () => {
    const ended = await runWithNode(`${imports}
      const source = \`
        const { Session } = require('node:inspector')
        const { parentPort } = require('node:worker_threads')
        const session = new Session()
        session.connectToMainThread()
        session.on('Debugger.paused', () => setTimeout(() => {
          pausedMs = performance.now() - pausedMs
          session.post('Debugger.resume', () => { session.disconnect(); parentPort.postMessage(pausedMs) })
        }, 2500))
        setInterval(() => {}, 1000)
        let pausedMs = 0
        session.on('Debugger.paused', () => { pausedMs = performance.now() })
        session.post('Debugger.enable')
        parentPort.once('message', () => session.post('Debugger.pause'))
      \`
      watchdog({ thresholdMs: 500 })
      const tick = setInterval(function tick() {}, 1)
      const worker = new Worker(source, { eval: true })
      worker.postMessage('pause')
      worker.on('message', (pausedMs) => {
        clearInterval(tick)
        void worker.terminate()
        console.log(pausedMs >= 2400)
      })
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' })
  })
})

describe('the watchdog leaves the end of the program as it is', () => {
  const quiet = 'watchdog({ thresholdMs: 20, print: false, onHog() {} })'
  const busy = '{ const end = Date.now() + 60 + Math.random() * 60; while (Date.now() < end); }'

  test.each([
    { name: 'that has nothing to do', body: '', code: 0 },
    { name: 'by process.exit', body: `setTimeout(() => { ${busy} process.exit(7) }, 20)`, code: 7 },
    { name: 'with an exit code', body: `setTimeout(() => { ${busy} process.exitCode = 5 }, 20)`, code: 5 },
    { name: 'with work at its very end', body: `process.on('exit', () => ${busy})`, code: 0 },
  ])('$name', async ({ body, code }) => {
    expect(await runWithNode(`${imports}${quiet}\n${body}`)).toMatchObject({ code, stderr: '' })
  })

  test('by a deadlock', async () => {
    const stuck = `await run(async () => { ${busy}\nawait chan().receive() })`
    const [watched, plain] = await Promise.all([
      runWithNode(`${imports}${quiet}\n${stuck}`),
      runWithNode(`${imports}\n${stuck}`),
    ])
    expect(watched.stderr).toContain('fatal error: all goroutines are asleep - deadlock!')
    expect(watched).toEqual(plain)
  })
})

test('onHog gets the report when the thread is free again', async () => {
  const { stdout } = await runUntil(
    'spin(...)',
    `
    const reports = chan(1)
    watchdog({ thresholdMs: 100, onHog: (report) => reports.trySend(report) })
    const alive = setInterval(() => {}, 1000)
    go(function* hog() { spin() })
    const { blockedMs, functionName, place, stack, goroutine } = await reports.receive()
    clearInterval(alive)
    console.log(JSON.stringify([blockedMs >= 100, functionName, stack.startsWith('spin(...)\\n\\t' + place), goroutine]))
  `,
  )
  expect(JSON.parse(stdout)).toEqual([true, 'spin', true, { id: 2, name: 'hog' }])
})

describe('there is no watchdog', () => {
  const tryIt = `
    try { watchdog() } catch (error) { console.log(error instanceof WarrenError, error.code) }
  `

  test('in a worker thread', async () => {
    const files = {
      'thread.mjs': `import { WarrenError } from 'warren'\nimport { watchdog } from 'warren/debug'\n${tryIt}`,
    }
    const main = `import { Worker } from 'node:worker_threads'\nnew Worker('./thread.mjs')`
    expect(await runWithNode(main, { files })).toMatchObject({
      code: 0,
      stdout: 'true ERR_NOT_AVAILABLE\n',
      stderr: '',
    })
  })

  test("where there is no process of Node's, as in a browser", async () => {
    const ended = await runWithNode(`
      const { process } = globalThis
      delete globalThis.process
      const { WarrenError } = await import('warren')
      const { watchdog } = await import('warren/debug')
      ${tryIt}
      process.exit(0)
    `)
    expect(ended).toMatchObject({ code: 0, stdout: 'true ERR_NOT_AVAILABLE\n', stderr: '' })
  })
})
