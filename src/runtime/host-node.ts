// Node, and Deno and Bun, which provide Node's process. Everything comes from the `process` object that is passed in:
// no import of a built-in module, so that the core bundles for browsers as it is.
import { createAsyncContext, type Storage, type StorageClass } from './async-context.ts'
import { findGc, type V8Module, type VmModule } from './force-gc.ts'
import type { GoroutineRecord } from './goroutine-record.ts'
import type { Host, HostTimer, RunInContext } from './host.ts'
import type { Identity } from './identity.ts'

type Listener = (...args: never[]) => void

interface NodeTimer {
  ref(): void
  unref(): void
}

/** What this host uses of Node's `process`. */
export interface NodeProcess {
  readonly versions: { readonly node: string }
  readonly env: Record<string, string | undefined>
  /** In a worker it has no descriptor. */
  readonly stderr: { readonly fd?: number }
  exitCode?: number | string | null | undefined
  getBuiltinModule(name: 'async_hooks'): { AsyncLocalStorage: StorageClass }
  getBuiltinModule(name: 'fs'): { writeSync(fd: number, bytes: Uint8Array, offset: number): number }
  getBuiltinModule(name: 'v8'): V8Module
  getBuiltinModule(name: 'vm'): VmModule
  on(event: string, listener: Listener): void
  off(event: string, listener: Listener): void
  listenerCount(event: string): number
  exit(code: number): never
  nextTick(fn: () => void): void
}

interface NodeGlobals {
  setImmediate(fn: () => void): { unref(): void }
  setTimeout(fn: () => void, delayMs: number): NodeTimer
  clearTimeout(timer: NodeTimer): void
  readonly performance: { now(): number }
}

/** Node's exit code for a top-level await that can never settle. */
const unsettledTopLevelAwait = 13
const fatalExitCode = 2
const stderrDescriptor = 2

const resolved = Promise.resolve()

export function createNodeHost(process: NodeProcess): Host {
  // Taken at load time: a test framework's fake timers must not stop the scheduler.
  const { setImmediate, setTimeout, clearTimeout, performance } = globalThis as unknown as NodeGlobals
  const now = performance.now.bind(performance)
  const { AsyncLocalStorage } = process.getBuiltinModule('async_hooks')
  const { run: originalRun, enterWith: originalEnterWith } = AsyncLocalStorage.prototype
  const asyncContext = createAsyncContext(AsyncLocalStorage)

  // To the descriptor itself, and all of it: the program ends right after. A full pipe that does not block says EAGAIN.
  function writeError(text: string): void {
    const { writeSync } = process.getBuiltinModule('fs')
    const bytes = new TextEncoder().encode(`${text}\n`)
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(process.stderr.fd ?? stderrDescriptor, bytes, written)
      } catch (error) {
        if ((error as { code?: string }).code !== 'EAGAIN') return
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
      }
    }
  }

  /** Whether nothing was left to do when it was last asked for: then, at the end, the program has finished. */
  function watchQuiet(onQuiet: () => void): () => boolean {
    let isQuiet = false
    process.on('beforeExit', () => {
      isQuiet = true
      onQuiet()
      // Another listener may have given the program more to do: then this runs, and the program was not quiet.
      setImmediate(() => {
        isQuiet = false
      }).unref()
    })
    return () => isQuiet
  }

  let gc: (() => void) | null | undefined

  return {
    name: 'node',
    macrotask: (fn) => void setImmediate(fn),
    // A tick queued by a microtask comes when the microtasks have been drained; one queued by a tick comes before.
    afterMicrotasks: (fn) => void resolved.then(() => process.nextTick(fn)),
    now,
    startTimer(fn, delayMs): HostTimer {
      const timer = setTimeout(fn, delayMs)
      return {
        cancel: () => clearTimeout(timer),
        keepAlive: (on) => (on ? timer.ref() : timer.unref()),
      }
    },
    env: (name) => process.env[name],
    writeError,
    crash(error, report) {
      if (process.listenerCount('uncaughtException') > 0) throw error
      writeError(report())
      process.exit(fatalExitCode)
    },
    onQuiescence(report) {
      let isExitCodeSet = false
      const isQuiet = watchQuiet(() => {
        isExitCodeSet = process.exitCode === unsettledTopLevelAwait
      })
      process.on('exit', () => {
        if (!isQuiet()) return
        const text = report(process.exitCode === unsettledTopLevelAwait && !isExitCodeSet)
        if (text === undefined) return
        writeError(text)
        process.exitCode = fatalExitCode
      })
    },
    onEnd(prepare, report) {
      let isPrepared = false
      const isQuiet = watchQuiet(() => {
        if (!isPrepared) void prepare()
        isPrepared = true
      })
      process.on('exit', (code: number) => {
        const text = report(isQuiet() ? 'finished' : code === 0 ? 'exit' : 'failure')
        if (text !== undefined) writeError(text)
      })
    },
    collectGarbage() {
      gc ??= findGc(process)
      gc?.()
      return gc !== null
    },
    onTermination(fn) {
      const stops = ['SIGINT', 'SIGTERM'].map((signal) => {
        const listener = (): void => {
          process.off(signal, listener)
          fn(signal)
        }
        process.on(signal, listener)
        return () => process.off(signal, listener)
      })
      return () => {
        for (const stop of stops) stop()
      }
    },
    createIdentity(): Identity {
      const storage = new AsyncLocalStorage<GoroutineRecord>()
      // Own copies of the originals: identity is not what async-context.ts looks for.
      const run = originalRun.bind(storage as Storage<never>) as typeof storage.run
      Object.assign(storage, { enterWith: originalEnterWith })
      return {
        run,
        current: () => storage.getStore(),
        capture(record) {
          if (asyncContext.capture() === null) return (fn, argument) => run(record, () => fn(argument))
          return run(record, () => AsyncLocalStorage.snapshot() as RunInContext)
        },
      }
    },
    captureContext: () => asyncContext.capture(),
    rootContext: () => asyncContext.root(),
  }
}
