// Every way to block on a primitive of `warren/sync`: what holds for one of them holds for all.
import {
  type Chan,
  Cond,
  type Context,
  chan,
  Group,
  type Locker,
  Mutex,
  Once,
  type Operation,
  onceFunc,
  RWMutex,
  Semaphore,
  SingleFlight,
  WaitGroup,
} from 'warren'

export type Ctx = Context | AbortSignal

/** A primitive on which `wait` blocks. */
export interface Blocked {
  wait(ctx?: Ctx): Operation<unknown>
  /** Lets the first wait through. */
  release(): void
  /** To be called after each wait that has ended, whichever way: gives back what it has then. */
  after?(wasLetThrough: boolean): void
}

export interface SyncWait {
  readonly name: string
  /** The words of a dump. */
  readonly reason: string
  /** All waits end with the first release. */
  readonly isShared?: boolean
  /** It ends a goroutine, which then lets the waits through. */
  readonly isReleasedLater?: boolean
  make(): Blocked
}

/** Waits under a Cond hold the lock when they have ended, however they did. */
function condWait(locker: Locker, lock: () => boolean): Blocked {
  const cond = new Cond(locker)
  return {
    wait(ctx) {
      if (!lock()) throw new Error('the lock is free between waits')
      return cond.wait(ctx)
    },
    release: () => cond.signal(),
    after: () => locker.unlock(),
  }
}

function ifLetThrough(unlock: () => void): (wasLetThrough: boolean) => void {
  return (wasLetThrough) => {
    if (wasLetThrough) unlock()
  }
}

/** A function that runs until it is let go. */
function gate(): { readonly fn: () => Promise<void>; open(): void } {
  const open: Chan<never> = chan()
  return {
    fn: async () => void (await open.receive()),
    open: () => open.close(),
  }
}

export const syncWaits: readonly SyncWait[] = [
  {
    name: 'Mutex.lock',
    reason: 'sync.Mutex.Lock',
    make() {
      const mu = new Mutex()
      mu.tryLock()
      return { wait: (ctx) => mu.lock(ctx), release: () => mu.unlock(), after: ifLetThrough(() => mu.unlock()) }
    },
  },
  {
    name: 'RWMutex.lock, while somebody writes',
    reason: 'sync.RWMutex.Lock',
    make() {
      const rw = new RWMutex()
      rw.tryLock()
      return { wait: (ctx) => rw.lock(ctx), release: () => rw.unlock(), after: ifLetThrough(() => rw.unlock()) }
    },
  },
  {
    name: 'RWMutex.lock, while somebody reads',
    reason: 'sync.RWMutex.Lock',
    make() {
      const rw = new RWMutex()
      rw.tryRLock()
      return { wait: (ctx) => rw.lock(ctx), release: () => rw.rUnlock(), after: ifLetThrough(() => rw.unlock()) }
    },
  },
  {
    name: 'RWMutex.rLock, while somebody writes',
    reason: 'sync.RWMutex.RLock',
    isShared: true,
    make() {
      const rw = new RWMutex()
      rw.tryLock()
      return { wait: (ctx) => rw.rLock(ctx), release: () => rw.unlock(), after: ifLetThrough(() => rw.rUnlock()) }
    },
  },
  {
    name: 'RWMutex.rLock, while somebody waits to write',
    reason: 'sync.RWMutex.RLock',
    isShared: true,
    make() {
      const rw = new RWMutex()
      rw.tryRLock()
      void rw.lock()
      return {
        wait: (ctx) => rw.rLock(ctx),
        release() {
          rw.rUnlock()
          rw.unlock()
        },
        after: ifLetThrough(() => rw.rUnlock()),
      }
    },
  },
  {
    name: 'rLocker().lock',
    reason: 'sync.RWMutex.RLock',
    isShared: true,
    make() {
      const rw = new RWMutex()
      const locker = rw.rLocker()
      rw.tryLock()
      return { wait: (ctx) => locker.lock(ctx), release: () => rw.unlock(), after: ifLetThrough(() => locker.unlock()) }
    },
  },
  {
    name: 'WaitGroup.wait',
    reason: 'sync.WaitGroup.Wait',
    isShared: true,
    make() {
      const wg = new WaitGroup()
      wg.add(1)
      return { wait: (ctx) => wg.wait(ctx), release: () => wg.done() }
    },
  },
  {
    name: 'Cond.wait over a Mutex',
    reason: 'sync.Cond.Wait',
    make() {
      const mu = new Mutex()
      return condWait(mu, () => mu.tryLock())
    },
  },
  {
    name: 'Cond.wait over a RWMutex',
    reason: 'sync.Cond.Wait',
    make() {
      const rw = new RWMutex()
      return condWait(rw, () => rw.tryLock())
    },
  },
  {
    name: 'Cond.wait over a rLocker',
    reason: 'sync.Cond.Wait',
    make() {
      const rw = new RWMutex()
      return condWait(rw.rLocker(), () => rw.tryRLock())
    },
  },
  {
    name: 'Once.do',
    reason: 'sync.Mutex.Lock',
    isReleasedLater: true,
    isShared: true,
    make() {
      const once = new Once()
      const { fn, open } = gate()
      return { wait: (ctx) => once.do(fn, ctx), release: open }
    },
  },
  {
    name: 'a function of onceFunc',
    reason: 'sync.Mutex.Lock',
    isReleasedLater: true,
    isShared: true,
    make() {
      const { fn, open } = gate()
      return { wait: onceFunc(fn), release: open }
    },
  },
  {
    name: 'Semaphore.acquire',
    reason: 'semacquire',
    make() {
      const sem = new Semaphore(1)
      sem.tryAcquire()
      return {
        wait: (ctx) => sem.acquire(1, ctx),
        release: () => sem.release(),
        after: ifLetThrough(() => sem.release()),
      }
    },
  },
  {
    name: 'Semaphore.acquire of several units',
    reason: 'semacquire',
    make() {
      const sem = new Semaphore(3)
      sem.tryAcquire(2)
      return {
        wait: (ctx) => sem.acquire(2, ctx),
        release: () => sem.release(2),
        after: ifLetThrough(() => sem.release(2)),
      }
    },
  },
  {
    name: 'SingleFlight.do',
    reason: 'sync.WaitGroup.Wait',
    isReleasedLater: true,
    isShared: true,
    make() {
      const flights = new SingleFlight<string, void>()
      const { fn, open } = gate()
      return { wait: (ctx) => flights.do('key', fn, ctx), release: open }
    },
  },
  {
    name: 'Group.go',
    reason: 'semacquire',
    isReleasedLater: true,
    make() {
      const group = new Group({ limit: 1 })
      const { fn, open } = gate()
      group.tryGo(fn)
      return { wait: (ctx) => group.go(() => {}, ctx), release: open }
    },
  },
  {
    name: 'Group.wait',
    reason: 'sync.WaitGroup.Wait',
    isReleasedLater: true,
    isShared: true,
    make() {
      const group = new Group()
      const { fn, open } = gate()
      group.tryGo(fn)
      return { wait: (ctx) => group.wait(ctx), release: open }
    },
  },
]
