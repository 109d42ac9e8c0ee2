// Pipelines in programs of their own: what keeps a program alive, and what it says when nothing can.
import { describe, expect, test } from 'vitest'
import { type Ended, runWithNode, runWithWarren } from '../support/program.ts'

const imports = `
  import { background, chan, go, run, sleep, withTimeout } from 'warren'
  import { batch, buffer, collect, forEach, generate, map, merge, orDone, take, tee, toNodeReadable } from 'warren/pipeline'
`
const fatal = 'fatal error: all goroutines are asleep - deadlock!'

const runners: readonly (readonly [string, (source: string) => Promise<Ended>])[] = [
  ['warren run', runWithWarren],
  ['node', runWithNode],
]

describe.each(runners)('under %s', (_, run) => {
  test.concurrent('a pipeline under a deadline waits for that, neither exiting nor reporting a deadlock', async () => {
    const ended = await run(`${imports}
      const silent = chan()
      const begin = performance.now()
      const ctx = () => withTimeout(background(), 300)
      const all = await Promise.all([
        collect(orDone(silent, ctx())),
        collect(map(merge(orDone(silent, ctx()), chan()), (n) => n), ctx()).catch((error) => error.message),
        collect(buffer(silent, 2, ctx())).catch((error) => error.message),
        forEach(silent, () => {}, ctx()).catch((error) => error.message),
        collect(map(orDone(silent, ctx()), (n) => n)),
        take(tee(silent, 2, ctx())[0], 3).next(),
      ])
      console.log(JSON.stringify(all), performance.now() - begin >= 299)
    `)
    const late = 'context deadline exceeded'
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toBe(`${JSON.stringify([[], late, late, late, [], { done: true }])} true\n`)
  })

  test.concurrent('a deadline of a stage alone keeps the program alive while somebody waits for that', async () => {
    const deadline = 'const begin = performance.now()\nconst ctx = withTimeout(background(), 300)\n'
    const end = '\nconsole.log(performance.now() - begin >= 299)'
    const programs = [
      'await collect(orDone(chan(), ctx))',
      'for await (const _ of map(merge(orDone(chan(), ctx)), (n) => n));',
      'await take(map(chan(), async (n) => n, { ctx }), 3).receive()',
      'await run(function* () { yield* buffer(chan(), 2, ctx).receive() })',
    ]
    for (const ended of await Promise.all(programs.map((source) => run(imports + deadline + source + end)))) {
      expect(ended).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' })
    }
  })

  test.concurrent('a batch that waits for its time keeps the program alive', async () => {
    const ended = await run(`${imports}
      const ch = chan(1)
      await ch.send('first')
      console.log(await batch(ch, { withinMs: 200 }).receive())
    `)
    expect(ended).toMatchObject({ code: 0, stdout: "[ 'first' ]\n", stderr: '' })
  })

  test.concurrent('one that nobody waits for any more does not, once it is full', async () => {
    const ended = await run(`${imports}
      const ch = chan(9)
      await ch.sendMany([1, 2, 3, 4])
      console.log(await batch(ch, { size: 2, withinMs: 100_000 }).receive())
    `)
    expect(ended).toMatchObject({ code: 0, stdout: '[ 1, 2 ]\n', stderr: '' })
  })

  test.concurrent('a pipeline that nothing can ever wake is Go’s deadlock', async () => {
    const programs = [
      'await collect(map(orDone(chan()), (n) => n))',
      'await forEach(merge(chan(), chan()), async () => {})',
      'await run(async () => { for await (const _ of buffer(chan(), 3)); })',
      'await run(function* () { yield* collect(batch(chan(), { size: 2, withinMs: 5 })) })',
      'await take(generate(async (out) => { await chan().receive() }), 1).receive()',
      'const [one] = tee(generate(async (out) => { for (;;) await out.send(1) })); await one.receive(); await one.receive()',
    ]
    for (const ended of await Promise.all(programs.map((source) => run(imports + source)))) {
      expect(ended.code).toBe(2)
      expect(ended.stderr).toContain(fatal)
    }
  })

  test.concurrent('a producer that is left behind does not keep the program alive', async () => {
    const ended = await run(`${imports}
      const numbers = generate(async (out) => { for (let n = 0; ; n++) await out.send(n) })
      console.log(await numbers.receive(), await numbers.receive())
      const stream = toNodeReadable(generate(function* (out) { for (;;) yield* out.send('x') }))
      for await (const chunk of stream) { console.log(chunk); break }
    `)
    expect(ended).toMatchObject({ code: 0, stdout: '0 1\nx\n', stderr: '' })
  })

  test.concurrent('an error that nobody receives is a panic of whoever collects', async () => {
    const ended = await run(`${imports}
      go(async () => { await collect(map(generate(() => [1]), () => { throw new Error('broken stage') })) })
      await sleep(10_000)
    `)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('broken stage')
  })
})
