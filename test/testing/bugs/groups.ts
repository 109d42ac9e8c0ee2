import { Cond, chan, Group, go, gosched, Mutex, Once, WaitGroup } from 'warren'
import type { BugProgram } from './program.ts'

/** The state is looked at before the lock is taken: the signal may come in between. */
async function lostWakeUp(looksUnderLock: boolean): Promise<void> {
  const mu = new Mutex()
  const cond = new Cond(mu)
  let isReady = false
  const wg = new WaitGroup()
  wg.go(async function waiter() {
    if (!looksUnderLock && isReady) return
    using _ = await mu.lock()
    if (!looksUnderLock) await cond.wait()
    else while (!isReady) await cond.wait()
  })
  wg.go(async function setter() {
    using _ = await mu.lock()
    isReady = true
    cond.signal()
  })
  await wg.wait()
}

/** One condition for readers and writers of a slot: a signal may wake the wrong one. */
async function wrongOneWoken(wakesAll: boolean): Promise<void> {
  const mu = new Mutex()
  const cond = new Cond(mu)
  const wg = new WaitGroup()
  let slot: number | undefined
  const wake = (): void => (wakesAll ? cond.broadcast() : cond.signal())
  for (let i = 0; i < 2; i++) {
    wg.go(async function put() {
      using _ = await mu.lock()
      while (slot !== undefined) await cond.wait()
      slot = i
      wake()
    })
    wg.go(async function take() {
      using _ = await mu.lock()
      while (slot === undefined) await cond.wait()
      slot = undefined
      wake()
    })
  }
  await wg.wait()
}

/** Work is counted by the worker itself, when it comes to run. */
async function countedTooLate(countsFirst: boolean): Promise<void> {
  const wg = new WaitGroup()
  let done = 0
  for (let i = 0; i < 2; i++) {
    if (countsFirst) wg.add(1)
    go(async () => {
      if (!countsFirst) wg.add(1)
      await gosched()
      done++
      wg.done()
    })
  }
  await wg.wait()
  if (done !== 2) throw new Error(`${done} of 2 were waited for`)
}

async function missingDone(usesFinally: boolean): Promise<void> {
  const wg = new WaitGroup()
  for (let i = 0; i < 2; i++) {
    wg.add(1)
    go(async () => {
      try {
        if (i === 1) return
        if (!usesFinally) wg.done()
      } finally {
        if (usesFinally) wg.done()
      }
    })
  }
  await wg.wait()
}

async function oneDoneTooMany(isCareful: boolean): Promise<void> {
  const wg = new WaitGroup()
  wg.add(1)
  go(async () => {
    await gosched()
    wg.done()
    if (!isCareful) wg.done()
  })
  await wg.wait()
}

/** Waiting for workers under the lock that they need to finish. */
async function waitUnderLock(unlocks: boolean): Promise<void> {
  const mu = new Mutex()
  const wg = new WaitGroup()
  const results: number[] = []
  await mu.lock()
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      using _ = await mu.lock()
      results.push(i)
    })
  }
  if (unlocks) mu.unlock()
  await wg.wait()
  if (!unlocks) mu.unlock()
}

/** An initialisation that comes back to itself. */
async function onceInOnce(isLayered: boolean): Promise<void> {
  const once = new Once()
  const inner = isLayered ? new Once() : once
  await once.do(async () => {
    await inner.do(() => {})
  })
}

/** A task of a full group that adds another and waits for it to start. */
async function fullGroup(limit: number): Promise<void> {
  const group = new Group(undefined, { limit })
  await group.go(async () => {
    await group.go(async () => {})
  })
  await group.wait()
}

/** A pool whose workers hand work back to their own full queue. */
async function ownQueue(hasRoom: boolean): Promise<void> {
  const queue = chan<number>(hasRoom ? 4 : 1)
  const wg = new WaitGroup()
  for (let i = 0; i < 2; i++) {
    wg.go(async function worker() {
      const job = await queue.receive()
      if (job === undefined) return
      if (job > 0) await queue.send(job - 1)
    })
  }
  await queue.send(1)
  await queue.send(1)
  await wg.wait()
}

export const groupBugs: readonly BugProgram[] = [
  {
    name: 'a wake-up that comes before the wait',
    kind: 'deadlock',
    broken: () => lostWakeUp(false),
    fixed: () => lostWakeUp(true),
  },
  {
    name: 'a signal that wakes the wrong one',
    kind: 'deadlock',
    broken: () => wrongOneWoken(false),
    fixed: () => wrongOneWoken(true),
  },
  {
    name: 'work counted when it starts',
    kind: 'throw',
    broken: () => countedTooLate(false),
    fixed: () => countedTooLate(true),
  },
  {
    name: 'a done that an early return skips',
    kind: 'deadlock',
    broken: () => missingDone(false),
    fixed: () => missingDone(true),
  },
  { name: 'a done too many', kind: 'throw', broken: () => oneDoneTooMany(false), fixed: () => oneDoneTooMany(true) },
  {
    name: 'a wait under the lock the others need',
    kind: 'deadlock',
    broken: () => waitUnderLock(false),
    fixed: () => waitUnderLock(true),
  },
  { name: 'a once inside itself', kind: 'deadlock', broken: () => onceInOnce(false), fixed: () => onceInOnce(true) },
  { name: 'a full group that adds to itself', kind: 'deadlock', broken: () => fullGroup(1), fixed: () => fullGroup(2) },
  {
    name: 'workers that fill their own queue',
    kind: 'deadlock',
    broken: () => ownQueue(false),
    fixed: () => ownQueue(true),
  },
]
