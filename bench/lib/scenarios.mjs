/**
 * What is measured. Every rival does the same work for one scenario and returns how many operations it has counted.
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {'channels' | 'selects' | 'spawn' | 'locks' | 'limits' | 'classics' | 'probes' | 'fairness' |
 *   'chains' | 'patterns' | 'backpressure' | 'limiters'} group the file of warren's side
 * @property {string} what one operation
 * @property {'ns' | 'B' | 'ms' | 'MB'} unit
 * @property {number} [step] operations come in multiples of this
 * @property {number} [count] a fixed number of operations, instead of what fills one sample
 * @property {number} [quickCount] the same under --quick
 * @property {number} [samples] how many samples a process takes
 * @property {number} [maxRounds] for what is long and steady
 * @property {number} [timeoutMs]
 * @property {'batch' | 'probe'} kind a probe returns its own value (bytes, milliseconds)
 * @property {{ generator?: number, async?: number, locks?: true }} [floor] the greatest ratio to Go we accept
 * @property {{ generator?: number, async?: number }} [limit] the greatest value we accept
 */
import { limiterScenarios } from './limiter-scenarios.mjs'
import { pipeScenarios } from './pipe-scenarios.mjs'

const blocking = { generator: 1, async: 1.5 }
const buffered = { generator: 1.5, async: 3 }

/** @type {(id: string, group: Scenario['group'], what: string, more?: Partial<Scenario>) => Scenario} */
const time = (id, group, what, more = {}) => ({ id, group, what, unit: 'ns', kind: 'batch', ...more })
/** @type {(id: string, group: Scenario['group'], unit: Scenario['unit'], what: string, more: Partial<Scenario>) => Scenario} */
const probe = (id, group, unit, what, more) => ({ id, group, what, unit, kind: 'probe', maxRounds: 3, ...more })

/** @type {readonly Scenario[]} */
export const scenarios = [
  time('ping-pong', 'channels', 'round trip over two unbuffered channels', { floor: blocking }),
  time('unbuffered', 'channels', 'value streamed through an unbuffered channel', { floor: blocking }),
  time('capacity-100', 'channels', 'value streamed through a channel of capacity 100', { floor: buffered }),
  time('range-100', 'channels', 'the same, drained by `for await` (async) or `next` (generator)'),
  time('uncontended', 'channels', 'send and receive, 100 by 100, one goroutine (ChanUncontended)', {
    step: 100,
    floor: buffered,
  }),
  time('batch-100', 'channels', 'value by sendMany and receiveMany, capacity 100; Go has no batches: one by one', {
    step: 100,
    floor: { generator: 0.25, async: 0.25 },
  }),
  time('batch-receive', 'channels', 'value by receiveMany, fed by single sends, capacity 100', {
    floor: { generator: 1 },
  }),
  time('make', 'channels', 'channel made (MakeChan)'),
  time('contended', 'channels', 'send and receive, four goroutines on one channel (ChanContended)', { step: 400 }),
  time('sync', 'channels', 'send and receive, two goroutines taking turns on one channel (ChanSync)', { step: 2 }),
  time('prod-cons-0', 'channels', 'value, unbuffered (ChanProdCons0)'),
  time('prod-cons-10', 'channels', 'value, capacity 10 (ChanProdCons10)'),
  time('prod-cons-100', 'channels', 'value, capacity 100 (ChanProdCons100)'),
  time('sem', 'channels', 'send and receive on capacity 1 (ChanSem)'),
  time('closed', 'channels', 'receive with a default on a closed channel (ChanClosed)'),
  time('popular', 'selects', 'value to one of 1000 goroutines that select over it and a common channel (ChanPopular)', {
    count: 100_000,
    timeoutMs: 30_000,
  }),
  time('select-two', 'selects', 'value, two producers, one select', { step: 2, floor: blocking }),
  time('select-uncontended', 'selects', 'select of two and a send, one goroutine (SelectUncontended)'),
  time('select-sync-contended', 'selects', 'value, both ends select over three channels (SelectSyncContended)', {
    step: 2,
  }),
  time('select-async-contended', 'selects', 'select of two and a send, four goroutines (SelectAsyncContended)', {
    step: 4,
  }),
  time('select-prod-cons', 'selects', 'value, both ends select with a timer and a quit channel (SelectProdCons)'),
  time('select-nonblock', 'selects', 'four attempts that must not wait (SelectNonblock)'),
  time('select-default', 'selects', 'select of two empty channels with a default'),
  time('spawn-join', 'spawn', 'goroutine started and waited for', { floor: blocking }),
  time('spawn-many', 'locks', 'goroutine started, waited for by the thousand through a WaitGroup', { step: 1000 }),
  time('gosched', 'spawn', 'turn given to the other of two goroutines', { step: 2, floor: { generator: 1 } }),
  time('mutex-free', 'locks', 'lock and unlock, nobody else there'),
  time('mutex-contended', 'locks', 'lock and unlock by ten; the holder lets the others run', {
    step: 10,
    floor: { generator: 1 },
  }),
  time('limit-10', 'limits', 'task under a limit of ten, by the thousand; a task lets the others run', { step: 1000 }),
  time('sieve', 'classics', 'number tried by a chain of up to 303 filters', { step: 1998, samples: 4 }),
  time('skynet', 'classics', 'goroutine of a tree of 1,111,111', {
    count: 1_111_111,
    quickCount: 111_111,
    samples: 1,
    maxRounds: 3,
    timeoutMs: 60_000,
  }),
  ...limiterScenarios,
  probe('parked', 'probes', 'B', 'goroutine parked on a channel, of 1,000,000', {
    maxRounds: 1,
    count: 1_000_000,
    quickCount: 100_000,
    timeoutMs: 60_000,
    limit: { generator: 600, async: 800 },
  }),
  probe('select-growth', 'probes', 'B', 'left behind by one select on a long-lived context, of 1,000,000', {
    count: 1_000_000,
    quickCount: 100_000,
    timeoutMs: 60_000,
    limit: { generator: 0.5, async: 0.5 },
  }),
  probe('cancel-100', 'probes', 'ns', 'cancel of a waiter in the middle of 100', { count: 999 }),
  probe('cancel-100000', 'probes', 'ns', 'cancel of a waiter in the middle of 100,000', { count: 999 }),
  probe('timer-unbuffered', 'fairness', 'ms', 'the latest of 40 timers of 5 ms under an unbuffered ping-pong', {
    count: 40,
    quickCount: 20,
    limit: { generator: 20, async: 20 },
  }),
  probe('timer-buffered', 'fairness', 'ms', 'the latest of 40 timers of 5 ms under a ping-pong of capacity 1', {
    count: 40,
    quickCount: 20,
    limit: { generator: 20, async: 20 },
  }),
  probe('timer-settled', 'fairness', 'ms', 'the latest of 40 timers of 5 ms under sends and receives that never wait', {
    count: 40,
    quickCount: 20,
    limit: { generator: 20, async: 20 },
  }),
  ...pipeScenarios,
]

/** @param {string} id */
export function scenarioOf(id) {
  return scenarios.find((one) => one.id === id)
}
