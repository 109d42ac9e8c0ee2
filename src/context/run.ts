// The main goroutine: what it runs under, and the end of everything with it.
//
// When main has ended, in this order: its context is cancelled; generator goroutines are killed, also those that have not
// started, and those that the clean-up of others starts; the waits that async goroutines are left with stop keeping the
// program alive; only then does `run` settle.
import { requireFunction } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { SignalError } from '../errors/signal-error.ts'
import { type Cancel, isAbortSignal } from '../runtime/cancel-source.ts'
import { launch } from '../runtime/go.ts'
import type { Goroutine, GoroutineBody } from '../runtime/goroutine.ts'
import { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { LiveGoroutines } from '../runtime/live-goroutines.ts'
import { type MainState, mainStateOf } from '../runtime/program-end.ts'
import { proveLeaks } from '../runtime/prove-leaks.ts'
import { scheduler } from '../runtime/runtime.ts'
import { background } from './background.ts'
import { withCancel, withSignals } from './derive.ts'
import { fromSignal } from './from-signal.ts'
import { killAll } from './kill-all.ts'
import type { CancelableContext, Context } from './types.ts'

export interface RunOptions {
  /** A Context to derive main's from, or an AbortSignal that cancels it; default: none. */
  readonly ctx?: Cancel | undefined
  /** Whether SIGINT and SIGTERM cancel main's context; default: true. */
  readonly signals?: boolean | undefined
}

/**
 * Runs `main` as the main goroutine, with a context that ends with it, and returns what it returns.
 *
 * The first SIGINT or SIGTERM cancels the context, with a {@link SignalError} as its cause; the next one has its usual
 * effect. When main returns or fails, the context is cancelled; generator goroutines that are left, whoever started them,
 * are killed, and their `finally` blocks awaited; what async goroutines still wait for keeps the program alive no longer.
 * While it is blocked on warren with nothing left to run, the program ends with Go's deadlock report; not while somebody
 * receives from `ctx.done`, since a signal may come. An async goroutine that waits for something else than warren when
 * main ends (a `fetch`) goes on with it: let it end with `ctx`.
 *
 * One at a time in a thread. A main that ends by `goexit` leaves the others running, and `run` pending.
 * @throws what main throws. {@link PanicError} `ERR_INVALID_OPERATION` when one is running already,
 * `ERR_INVALID_ARG_TYPE`. All as a rejection.
 * @example
 * const total = await run(async (ctx) => {
 *   const numbers = chan<number>()
 *   go(async () => {
 *     for (let i = 1; i <= 3; i++) await numbers.send(i, ctx)
 *     numbers.close()
 *   })
 *   let sum = 0
 *   for await (const n of numbers) sum += n
 *   return sum
 * })
 * console.log(total) // 6
 */
export async function run<R>(main: (ctx: Context) => GoroutineBody<R>, options: RunOptions = {}): Promise<R> {
  requireFunction('main', main)
  const mainState = mainStateOf(scheduler.world())
  if (mainState.record !== null) {
    throw new PanicError('ERR_INVALID_OPERATION', { message: 'run: a main goroutine is running already' })
  }
  const caller = scheduler.current
  const ctx = deriveContext(options)
  const stopSignals = options.signals === false ? doNothing : cancelOnSignal(ctx)
  try {
    const result = await startMain(main, ctx, mainState).join()
    if (mainState.hasExited) await new Promise(doNothing)
    return result
  } finally {
    stopSignals()
    ctx.cancel()
    // What is killed tells nothing any more.
    if (scheduler.leaks?.reportsAtEnd && scheduler.world() === null) await proveLeaks(scheduler)
    await killAll(caller)
    scheduler.live = null
    scheduler.clock.abandonWaits()
    mainState.record = null
  }
}

function doNothing(): void {}

function deriveContext({ ctx, signals }: RunOptions): CancelableContext {
  const parent = ctx === undefined ? background() : isAbortSignal(ctx) ? fromSignal(ctx) : ctx
  return signals === false ? withCancel(parent as Context) : withSignals(parent as Context)
}

function startMain<R>(main: (ctx: Context) => GoroutineBody<R>, ctx: Context, mainState: MainState): Goroutine<R> {
  if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
  const world = scheduler.world()
  const record = world === null ? new GoroutineRecord(1, 0) : scheduler.newRecord(scheduler.currentRecord())
  record.name = main.name === '' ? 'main' : main.name
  record.kind = 'main'
  mainState.record = record
  scheduler.live = new LiveGoroutines(scheduler.host)
  return launch(record, undefined, main, [ctx])
}

/** Cancels on the first signal, and then listens no more: the second has the default effect. */
function cancelOnSignal(ctx: CancelableContext): () => void {
  const stop = scheduler.host.onTermination((signal) => {
    stop()
    ctx.cancel(new SignalError(signal))
  })
  return stop
}
