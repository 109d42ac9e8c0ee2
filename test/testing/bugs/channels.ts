import {
  after,
  background,
  type Chan,
  type Context,
  chan,
  go,
  select,
  sending,
  sleep,
  Ticker,
  trySelect,
  WaitGroup,
  withCancel,
  withTimeout,
} from 'warren'
import type { BugProgram } from './program.ts'

/** The caller gives up before the answer is there; the answer then finds nobody. */
async function abandonedAnswer(capacity: number): Promise<void> {
  const answer = chan<string>(capacity)
  go(async function query() {
    await sleep(20)
    await answer.send('late')
  })
  await select({ answer, timeout: after(10) })
}

async function rangeWithoutClose(closes: boolean): Promise<void> {
  const jobs = chan<number>()
  const wg = new WaitGroup()
  wg.go(async function worker() {
    for await (const _ of jobs);
  })
  for (let i = 0; i < 3; i++) await jobs.send(i)
  if (closes) jobs.close()
  await wg.wait()
}

/** Two ends of a connection close the same channel when they see an error. */
async function closedTwice(isGuarded: boolean): Promise<void> {
  const done = chan<never>()
  const wg = new WaitGroup()
  let isClosed = false
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      const state = trySelect({ done })
      if (state !== undefined || (isGuarded && isClosed)) return
      isClosed = true
      await sleep(0)
      done.close()
    })
  }
  await wg.wait()
}

/** A producer that has not heard that the channel is being closed. */
async function sendAfterClose(waits: boolean): Promise<void> {
  const out = chan<number>(4)
  const wg = new WaitGroup()
  wg.go(async function produce() {
    for (let i = 0; i < 2; i++) await out.send(i)
  })
  if (waits) await wg.wait()
  else await out.receive()
  out.close()
  await wg.wait()
}

/** A worker stops at the first bad item, and whoever feeds it goes on feeding. */
async function deafWorker(hasContext: boolean): Promise<void> {
  using ctx = withCancel(background())
  const items = chan<number>()
  const wg = new WaitGroup()
  wg.go(async function feed() {
    for (let i = 0; i < 3; i++) {
      if (!hasContext) await items.send(i)
      else if ((await select({ sent: sending(items, i), done: ctx.done })).case === 'done') return
    }
    items.close()
  })
  for await (const item of items) {
    if (item === 1) break
  }
  ctx.cancel()
  await wg.wait()
}

/** Three workers, and a collector that counts on three answers; one has nothing to say. */
async function missingAnswer(alwaysAnswers: boolean): Promise<void> {
  const answers = chan<number | undefined>()
  for (let i = 0; i < 3; i++) {
    go(async function worker() {
      if (i !== 1) await answers.send(i)
      else if (alwaysAnswers) await answers.send(undefined)
    })
  }
  for (let i = 0; i < 3; i++) await answers.receive()
}

/** The first answer counts; the others are never received. */
async function firstWins(capacity: number): Promise<void> {
  const answers = chan<number>(capacity)
  for (let i = 0; i < 3; i++) go(async () => answers.send(i))
  await answers.receive()
}

/** A worker that does not listen to its context while it waits for work. */
async function deafToContext(listens: boolean): Promise<void> {
  const jobs = chan<number>()
  using ctx = withCancel(background())
  const wg = new WaitGroup()
  wg.go(async function worker() {
    for (;;) {
      const picked = await select({ job: jobs, done: listens ? ctx.done : null })
      if (picked.case === 'done') return
    }
  })
  await jobs.send(1)
  ctx.cancel()
  await wg.wait()
}

/** A context that is never cancelled, and somebody who waits for its end. */
async function neverCancelled(cancels: boolean): Promise<void> {
  const ctx = withCancel(background())
  go(async function cleanUp() {
    await ctx.done.receive()
  })
  if (cancels) ctx.cancel()
}

/** A stop signal that is one message, for two listeners. */
async function stopByMessage(byClosing: boolean): Promise<void> {
  const stop = chan<true>(1)
  const wg = new WaitGroup()
  for (let i = 0; i < 2; i++) wg.go(async () => void (await stop.receive()))
  if (byClosing) stop.close()
  else await stop.send(true)
  await wg.wait()
}

/** Two stages that send to each other before they receive. */
function* headOn(capacity: number) {
  const left: Chan<number> = chan(capacity)
  const right: Chan<number> = chan(capacity)
  function* stage(out: Chan<number>, back: Chan<number>) {
    yield* out.send(1)
    yield* back.receive()
  }
  const other = go(stage, left, right)
  yield* stage(right, left)
  yield* other.join()
}

/** A ticker's loop that nothing ends. */
async function endlessTicks(ctx: Context | undefined): Promise<void> {
  go(async function poll() {
    using ticker = new Ticker(1000)
    for (;;) {
      const picked = await select({ tick: ticker.c, done: ctx === undefined ? null : ctx.done })
      if (picked.case === 'done') return
    }
  })
  await sleep(2500)
}

/** A deadline that passes while the result is on its way: both are ready, and the wrong one is taken for granted. */
async function tie(looksTwice: boolean): Promise<void> {
  using ctx = withTimeout(background(), 10)
  const result = chan<number>(1)
  go(async () => {
    await sleep(10)
    await result.send(1)
  })
  const picked = await select({ result, done: ctx.done })
  if (picked.case === 'result') return
  if (looksTwice) await result.receive()
  else if (result.length === 0) throw new Error('the result is lost')
}

export const channelBugs: readonly BugProgram[] = [
  {
    name: 'an answer that nobody waits for any more',
    kind: 'leak',
    broken: () => abandonedAnswer(0),
    fixed: () => abandonedAnswer(1),
  },
  {
    name: 'a range over a channel that is never closed',
    kind: 'deadlock',
    broken: () => rangeWithoutClose(false),
    fixed: () => rangeWithoutClose(true),
  },
  {
    name: 'a channel closed by both ends',
    kind: 'throw',
    broken: () => closedTwice(false),
    fixed: () => closedTwice(true),
  },
  {
    name: 'a send that comes after the close',
    kind: 'throw',
    broken: () => sendAfterClose(false),
    fixed: () => sendAfterClose(true),
  },
  {
    name: 'a feeder whose worker has stopped',
    kind: 'deadlock',
    broken: () => deafWorker(false),
    fixed: () => deafWorker(true),
  },
  { name: 'an answer too few', kind: 'deadlock', broken: () => missingAnswer(false), fixed: () => missingAnswer(true) },
  { name: 'answers after the first', kind: 'leak', broken: () => firstWins(0), fixed: () => firstWins(3) },
  {
    name: 'a worker deaf to its context',
    kind: 'deadlock',
    broken: () => deafToContext(false),
    fixed: () => deafToContext(true),
  },
  {
    name: 'a context that nobody cancels',
    kind: 'leak',
    broken: () => neverCancelled(false),
    fixed: () => neverCancelled(true),
  },
  {
    name: 'one stop message for two',
    kind: 'deadlock',
    broken: () => stopByMessage(false),
    fixed: () => stopByMessage(true),
  },
  { name: 'two that send before they receive', kind: 'deadlock', broken: () => headOn(0), fixed: () => headOn(1) },
  {
    name: 'a ticker that nothing stops',
    kind: 'leak',
    broken: () => endlessTicks(undefined),
    fixed: (t) => endlessTicks(t.ctx),
  },
  {
    name: 'a result and a deadline at the same instant',
    kind: 'throw',
    broken: () => tie(false),
    fixed: () => tie(true),
  },
]
