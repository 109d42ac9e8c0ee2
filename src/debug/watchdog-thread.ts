// The thread of `watchdog`, as the text that its worker evaluates: a file of its own would not be found by a bundler, nor
// before the build by Node 20.
//
// Invariants
// * `seen` is the last beat of the watched thread. As long as it stands still, the thread is taken for busy.
// * While `session` is `open`, a question is with the watched thread, which answers it at a check of V8's stack guard: so
//   also from within a loop, a regular expression or `Atomics.wait`, but from native code only when that returns.
// * A session with the watched thread exists only between the two changes of `session` in `ask`, and never once it is
//   `closed`: a process that ends with one prints that it waits for a debugger, and waits.
// * Nothing is stopped: the debugger is enabled only since it then says whether somebody else has paused the thread.
// * A stall is told of when it is `nextMs` old; that is then ten times as much.

/** The values of {@link WatchdogData.session}. */
export const sessionState = { none: 0, open: 1, closed: 2 } as const

/** What {@link watchdogThread} gets as `workerData`. */
export interface WatchdogData {
  /** One word, shared: when the watched thread last gave a sign of life, in nanoseconds of `process.hrtime`. */
  readonly lastBeat: BigInt64Array
  /** One word, shared: whether the watched thread is being asked, or may not be asked any more. */
  readonly session: Int32Array
  readonly sessionState: typeof sessionState
  readonly thresholdMs: number
  readonly periodMs: number
  readonly print: boolean
  /** Evaluated in the watched thread; gives an {@link Observation}. */
  readonly question: string
}

/** What the watched thread says of itself when it is asked. */
export interface Observation {
  /** Time since its last beat, without what it spent waiting for events. */
  readonly busyMs: number
  /** Whether it waits for a debugger to be attached. */
  readonly awaitsDebugger: boolean
  readonly functionName: string
  readonly place: string | undefined
  readonly stack: string | undefined
  readonly goroutine: { readonly id: number; readonly name: string } | undefined
}

export const watchdogThread: string = `'use strict'
const { writeSync } = require('node:fs')
const { Session } = require('node:inspector')
const { parentPort, workerData } = require('node:worker_threads')
const { lastBeat, session: state, sessionState, thresholdMs, periodMs, print, question } = workerData

// How long native code may leave a question unanswered before that is told; how long to leave a debugger alone.
const patienceMs = Math.max(1000, thresholdMs)

const clockMs = () => Number(process.hrtime.bigint() / 1000n) / 1000

const unanswered =
  ' in native code that cannot be asked for its stack (a synchronous call, or JSON); more when it returns'
const withoutStack =
  ', with no function of the program on its stack (work of Node itself, or a native call that has just returned)'

let seen = 0n
let nextMs = 0
let unansweredAtMs = 0
// Time that does not count: this thread stood still too (the process was stopped, the machine asleep), or a debugger
// had paused the other one.
let lostMs = 0
let checkedAt = clockMs()

setInterval(check, periodMs)

function check() {
  const now = clockMs()
  const lateMs = now - checkedAt - periodMs
  checkedAt = now
  const beat = Atomics.load(lastBeat, 0)
  if (beat !== seen) {
    seen = beat
    lostMs = 0
    // A beat is up to one period old when a stall begins.
    nextMs = thresholdMs + periodMs
    return
  }
  if (lateMs > Math.max(thresholdMs / 2, 100)) lostMs += lateMs
  const blockedMs = now - Number(beat / 1000n) / 1000 - lostMs
  if (Atomics.load(state, 0) === sessionState.open) {
    if (blockedMs < unansweredAtMs) return
    unansweredAtMs = 10 * blockedMs
    tell(blockedMs, unanswered)
  } else if (blockedMs >= nextMs) ask(blockedMs)
}

function ask(askedMs) {
  if (Atomics.compareExchange(state, 0, sessionState.none, sessionState.open) !== sessionState.none) return
  unansweredAtMs = askedMs + patienceMs
  let isPaused = false
  const session = new Session()
  session.connectToMainThread()
  session.on('Debugger.paused', () => {
    isPaused = true
  })
  // Together, so that the answer is from the first moment at which the thread can be asked.
  session.post('Debugger.enable')
  session.post('Runtime.evaluate', { expression: question, returnByValue: true, silent: true }, (error, answer) => {
    session.disconnect()
    Atomics.store(state, 0, sessionState.none)
    Atomics.notify(state, 0)
    const observation = error === null ? answer.result.value : undefined
    if (observation !== undefined) judge(observation, askedMs, isPaused || observation.awaitsDebugger)
    else nextMs = 10 * askedMs
  })
}

function judge(observation, askedMs, isDebugged) {
  const blockedMs = observation.busyMs - lostMs
  if (isDebugged) {
    lostMs += blockedMs
    nextMs = patienceMs
    return
  }
  if (blockedMs < thresholdMs) return
  const { functionName, place, stack, goroutine } = observation
  const wasPrompt = blockedMs - askedMs < thresholdMs / 2
  // Node is at work, loading modules perhaps. The program may come back into it.
  if (stack === undefined && wasPrompt && blockedMs < 10 * thresholdMs) {
    nextMs = blockedMs + thresholdMs
    return
  }
  nextMs = 10 * blockedMs
  let text = stack === undefined ? withoutStack : ' in ' + (functionName || '(anonymous)') + ' (' + place + ')'
  if (goroutine !== undefined) {
    const name = goroutine.name && ' (' + goroutine.name + ')'
    text += '\\ngoroutine ' + goroutine.id + name + ' [running]:'
  }
  if (stack !== undefined) text += '\\n' + stack
  tell(blockedMs, text)
  parentPort.postMessage({ blockedMs: Math.round(blockedMs), functionName, place, stack, goroutine })
}

function tell(blockedMs, text) {
  if (!print) return
  const bytes = Buffer.from('warren: the thread has been busy for ' + Math.round(blockedMs) + ' ms' + text + '\\n\\n')
  let tries = 0
  for (let written = 0; written < bytes.length && tries < 1000; ) {
    try {
      written += writeSync(2, bytes, written)
    } catch (error) {
      if (error.code !== 'EAGAIN') return
      tries++
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}
`
