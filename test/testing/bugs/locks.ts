import { chan, go, gosched, Mutex, RWMutex, Semaphore, WaitGroup } from 'warren'
import type { BugProgram } from './program.ts'

/** A cache that refreshes itself; `refresh` locks, and `get` may call it while it holds the lock. */
async function cache(unlocksFirst: boolean): Promise<void> {
  const mu = new Mutex()
  const wg = new WaitGroup()
  let value: number | undefined
  async function refresh(): Promise<void> {
    using _ = await mu.lock()
    value = 1
  }
  async function get(): Promise<void> {
    await mu.lock()
    const isMissing = value === undefined
    if (unlocksFirst) mu.unlock()
    if (isMissing) await refresh()
    if (!unlocksFirst) mu.unlock()
  }
  wg.go(get)
  wg.go(refresh)
  await wg.wait()
}

/** A bus whose listeners may take themselves off while it calls them. */
async function bus(copies: boolean): Promise<void> {
  const mu = new Mutex()
  const listeners = new Set<() => Promise<void>>()
  async function once(): Promise<void> {
    using _ = await mu.lock()
    listeners.delete(once)
  }
  listeners.add(once)
  async function emit(): Promise<void> {
    await mu.lock()
    const now = [...listeners]
    if (copies) mu.unlock()
    for (const listener of now) await listener()
    if (!copies) mu.unlock()
  }
  await go(emit).join()
}

/** A writer that leaves by an error without unlocking. */
async function earlyReturn(usesGuard: boolean): Promise<void> {
  const mu = new Mutex()
  async function write(value: number): Promise<boolean> {
    if (usesGuard) {
      using _ = await mu.lock()
      return value > 0
    }
    await mu.lock()
    if (value <= 0) return false
    mu.unlock()
    return true
  }
  const results = chan<boolean>(2)
  go(async () => results.send(await write(0)))
  go(async () => results.send(await write(1)))
  await results.receive()
  await results.receive()
}

function* transfers(isOrdered: boolean) {
  const accounts = [new Mutex(), new Mutex()]
  function* transfer(from: number, to: number) {
    const [first, second] = isOrdered && from > to ? [to, from] : [from, to]
    using _ = yield* accounts[first!]!.lock()
    using __ = yield* accounts[second!]!.lock()
  }
  const there = go(transfer, 0, 1)
  const back = go(transfer, 1, 0)
  yield* there.join()
  yield* back.join()
}

async function ring(isOrdered: boolean): Promise<void> {
  const locks = [new Mutex(), new Mutex(), new Mutex()]
  const wg = new WaitGroup()
  for (let i = 0; i < 3; i++) {
    wg.go(async () => {
      const pair = [i, (i + 1) % 3]
      if (isOrdered) pair.sort()
      using _ = await locks[pair[0]!]!.lock()
      using __ = await locks[pair[1]!]!.lock()
    })
  }
  await wg.wait()
}

/** A statistics object that is read inside a read. */
async function nestedRead(passesOn: boolean): Promise<void> {
  const rw = new RWMutex()
  const wg = new WaitGroup()
  async function size(): Promise<number> {
    using _ = await rw.rLock()
    return 1
  }
  wg.go(async function report() {
    await rw.rLock()
    if (passesOn) rw.rUnlock()
    await size()
    if (!passesOn) rw.rUnlock()
  })
  wg.go(async function update() {
    using _ = await rw.lock()
  })
  await wg.wait()
}

async function upgrade(letsGo: boolean): Promise<void> {
  const rw = new RWMutex()
  await rw.rLock()
  if (letsGo) rw.rUnlock()
  await rw.lock()
  rw.unlock()
  if (!letsGo) rw.rUnlock()
}

/** Two jobs that need two permits each and take them one by one. */
async function permits(atOnce: boolean): Promise<void> {
  const semaphore = new Semaphore(2)
  const wg = new WaitGroup()
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      if (atOnce) {
        await semaphore.acquire(2)
      } else {
        await semaphore.acquire()
        await semaphore.acquire()
      }
      semaphore.release(2)
    })
  }
  await wg.wait()
}

/** Whoever holds the lock waits for a message that can only be sent with the lock. */
async function lockAndChannel(sendsOutside: boolean): Promise<void> {
  const mu = new Mutex()
  const events = chan<number>()
  const wg = new WaitGroup()
  wg.go(async function publish() {
    await mu.lock()
    if (sendsOutside) mu.unlock()
    await events.send(1)
    if (!sendsOutside) mu.unlock()
  })
  wg.go(async function consume() {
    {
      using _ = await mu.lock()
    }
    await events.receive()
  })
  await wg.wait()
}

/** An update that is not one step: two of them at once lose one. */
async function lostUpdate(isLocked: boolean): Promise<void> {
  const mu = new Mutex()
  const wg = new WaitGroup()
  let count = 0
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      if (isLocked) await mu.lock()
      const before = count
      await gosched()
      count = before + 1
      if (isLocked) mu.unlock()
    })
  }
  await wg.wait()
  if (count !== 2) throw new Error(`count is ${count}`)
}

export const lockBugs: readonly BugProgram[] = [
  {
    name: 'a method locks and calls another that locks',
    kind: 'deadlock',
    broken: () => cache(false),
    fixed: () => cache(true),
  },
  {
    name: 'listeners are called under the lock they take',
    kind: 'deadlock',
    broken: () => bus(false),
    fixed: () => bus(true),
  },
  {
    name: 'an early return keeps the lock',
    kind: 'deadlock',
    broken: () => earlyReturn(false),
    fixed: () => earlyReturn(true),
  },
  {
    name: 'two accounts locked in both orders',
    kind: 'deadlock',
    broken: () => transfers(false),
    fixed: () => transfers(true),
  },
  { name: 'three locks in a ring', kind: 'deadlock', broken: () => ring(false), fixed: () => ring(true) },
  {
    name: 'a read inside a read, and a writer between',
    kind: 'deadlock',
    broken: () => nestedRead(false),
    fixed: () => nestedRead(true),
  },
  { name: 'a reader wants to write', kind: 'deadlock', broken: () => upgrade(false), fixed: () => upgrade(true) },
  { name: 'permits taken one by one', kind: 'deadlock', broken: () => permits(false), fixed: () => permits(true) },
  {
    name: 'a message sent under a lock',
    kind: 'deadlock',
    broken: () => lockAndChannel(false),
    fixed: () => lockAndChannel(true),
  },
  { name: 'an update in two steps', kind: 'throw', broken: () => lostUpdate(false), fixed: () => lostUpdate(true) },
]
