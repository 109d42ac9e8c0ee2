// Tells which function keeps the thread from its timers and I/O. The watched thread only leaves a sign of life every few
// milliseconds; all else is done by a worker (watchdog-thread.ts), which nothing hinders.
//
// Invariants
// * Neither the worker nor the timer keeps the program alive.
// * No session of the worker with this thread outlives `#close`, which is called before the program ends.
// * A watchdog that has been disposed of calls nobody.
import type { Worker } from 'node:worker_threads'
import { invalidType, outOfRange, requireDuration, requireFunction } from '../errors/argument.ts'
import { WarrenError } from '../errors/warren-error.ts'
import type { HostTimer } from '../runtime/host.ts'
import { scheduler } from '../runtime/runtime.ts'
import { answerWith, observeStack } from './observe-thread.ts'
import { sessionState, type WatchdogData, watchdogThread } from './watchdog-thread.ts'

/** What {@link watchdog} tells of a function that kept the thread. */
export interface HogReport {
  /** For how long the thread had been busy when it was looked at, in milliseconds. */
  readonly blockedMs: number
  /** The innermost function of the program, or ''. */
  readonly functionName: string
  /** Where it was, as `file:line:column`. */
  readonly place: string | undefined
  /** The program's frames, innermost first, in the form of a dump; undefined if there was none on the stack. */
  readonly stack: string | undefined
  /** The goroutine that was running, where it is known: an async one under `WARREN_DEBUG=1` and in `warren run`. */
  readonly goroutine: { readonly id: number; readonly name: string } | undefined
}

/** Options of {@link watchdog}. */
export interface WatchdogOptions {
  /** For how long the thread may be busy, in milliseconds, from 10. Default 200. */
  readonly thresholdMs?: number
  /** Whether reports are printed to standard error. Default true. */
  readonly print?: boolean
  /** Called with each report, as soon as the thread is free again. */
  onHog?(report: HogReport): void
}

export const leastThresholdMs = 10
export const defaultThresholdMs = 200
const leastPeriodMs = 2
const maxPeriodMs = 1000
/** Far more than the worker needs to end a session. */
const closingMs = 1000

// Taken at load time, as the host's are: fake timers must not stop the heart.
const builtin = (globalThis.process as Partial<NodeJS.Process> | undefined)?.getBuiltinModule
const monotonicTime = globalThis.process?.hrtime?.bigint
const { nodeTiming } = performance

/**
 * Watches this thread from another one, and names the function that keeps it busy for longer than `thresholdMs`, so that
 * neither timers nor I/O nor other goroutines get a turn: on standard error, with the stack, even if the function never
 * returns. A stall is told of once, and again when it lasts ten times as long. Off until called; disposing ends it. It does
 * not keep the program alive. Only on the main thread of Node.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` for an option that is none.
 * @throws {WarrenError} `ERR_NOT_AVAILABLE` in a worker thread, and on hosts other than Node.
 * @example
 * const seen = chan<string>(1)
 * const dog = watchdog({ thresholdMs: 50, print: false, onHog: (report) => void seen.trySend(report.functionName) })
 * go(function* spin() {
 *   const end = Date.now() + 1000
 *   while (Date.now() < end);
 * })
 * const functionName = await seen.receive()
 * dog[Symbol.dispose]()
 * console.log(functionName) // spin
 */
export function watchdog(options: WatchdogOptions = {}): Disposable {
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'an object', options)
  const { thresholdMs = defaultThresholdMs, print = true, onHog } = options
  requireDuration('thresholdMs', thresholdMs)
  if (!Number.isFinite(thresholdMs) || thresholdMs < leastThresholdMs) {
    throw outOfRange('thresholdMs', `a number of at least ${leastThresholdMs}`, thresholdMs)
  }
  if (typeof print !== 'boolean') throw invalidType('print', 'a boolean', print)
  if (onHog !== undefined) requireFunction('onHog', onHog)
  return new Watchdog(workerClass(), thresholdMs, print, onHog?.bind(options))
}

function workerClass(): typeof Worker {
  const { bun, deno } = globalThis.process?.versions ?? {}
  if (builtin === undefined || bun !== undefined || deno !== undefined) throw notAvailable('on this host')
  const { isMainThread, Worker } = builtin('node:worker_threads')
  if (!isMainThread) throw notAvailable('in a worker thread')
  if (!process.features.inspector) throw notAvailable('without the inspector')
  return Worker
}

function notAvailable(where: string): WarrenError {
  return new WarrenError('ERR_NOT_AVAILABLE', `watchdog: not available ${where}; it watches the main thread of Node`)
}

class Watchdog implements Disposable {
  readonly #lastBeat = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT))
  readonly #session = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  readonly #onExit = (): void => this.#close()
  readonly #periodMs: number
  readonly #worker: Worker
  readonly #withdraw: () => void
  #timer: HostTimer | null = null
  #idleMs = 0

  constructor(
    WorkerClass: typeof Worker,
    thresholdMs: number,
    print: boolean,
    onHog: ((report: HogReport) => void) | undefined,
  ) {
    this.#periodMs = Math.min(Math.max(leastPeriodMs, thresholdMs / 10), maxPeriodMs)
    const { question, withdraw } = answerWith(() => ({ ...observeStack(), busyMs: this.#busyMs() }))
    this.#withdraw = withdraw
    this.#beat()
    const workerData: WatchdogData = {
      lastBeat: this.#lastBeat,
      session: this.#session,
      sessionState,
      thresholdMs,
      periodMs: this.#periodMs,
      print,
      question,
    }
    // Nothing of the program's own set-up: no preloaded modules, no loaders.
    this.#worker = new WorkerClass(watchdogThread, {
      eval: true,
      workerData,
      execArgv: [],
      env: {},
      name: 'warren watchdog',
    })
    this.#worker.on('message', (report: HogReport) => {
      if (this.#timer !== null) onHog?.(report)
    })
    this.#worker.on('error', (error) => {
      scheduler.host.writeError(`warren: the watchdog has failed: ${error.message}`)
      this[Symbol.dispose]()
    })
    // After the listeners: to listen for messages is to keep the program alive.
    this.#worker.unref()
    process.on('exit', this.#onExit)
  }

  [Symbol.dispose](): void {
    if (this.#timer === null) return
    this.#timer.cancel()
    this.#timer = null
    process.off('exit', this.#onExit)
    this.#close()
    this.#withdraw()
    void this.#worker.terminate()
  }

  #beat(): void {
    Atomics.store(this.#lastBeat, 0, monotonicTime!())
    this.#idleMs = nodeTiming.idleTime
    this.#timer = scheduler.host.startTimer(() => this.#beat(), this.#periodMs)
    this.#timer.keepAlive(false)
  }

  /** Ends the questions. One that is being asked is answered here: `Atomics.wait` lets it through. */
  #close(): void {
    const { none, open, closed } = sessionState
    const until = monotonicTime!() + BigInt(closingMs * 1e6)
    while (Atomics.compareExchange(this.#session, 0, none, closed) === open && monotonicTime!() < until) {
      Atomics.wait(this.#session, 0, open, closingMs)
    }
  }

  #busyMs(): number {
    const sinceMs = Number((monotonicTime!() - Atomics.load(this.#lastBeat, 0)) / 1000n) / 1000
    return sinceMs - (nodeTiming.idleTime - this.#idleMs)
  }
}
