/**
 * Who takes part. A rival says itself, in its own file, which scenarios it can do.
 *
 * @typedef {object} Rival
 * @property {string} id
 * @property {string} label
 * @property {'ours' | 'go' | 'peer'} kind
 * @property {'generator' | 'async'} [style] of our own two
 * @property {readonly string[]} [scenarios] what a peer takes part in; all where it is absent
 */
import { limiterScenarios } from './limiter-scenarios.mjs'
import { ownPipes, pipeScenarios } from './pipe-scenarios.mjs'

const channels = [
  'ping-pong',
  'unbuffered',
  'capacity-100',
  'range-100',
  'uncontended',
  'batch-100',
  'batch-receive',
  'make',
  'select-two',
  'popular',
  'sieve',
  'parked',
]
const limiters = limiterScenarios.map(({ id }) => id)
const spawns = ['spawn-join', 'spawn-many', 'gosched', 'skynet']
const pipes = pipeScenarios.map(({ id }) => id).filter((id) => !ownPipes.includes(id))

/** @type {readonly Rival[]} */
export const rivals = [
  { id: 'go', label: 'Go', kind: 'go' },
  { id: 'warren', label: 'warren, generator', kind: 'ours', style: 'generator' },
  { id: 'warren-async', label: 'warren, async', kind: 'ours', style: 'async' },
  {
    id: 'effect',
    label: 'effect',
    kind: 'peer',
    scenarios: [...channels, ...spawns, 'mutex-free', 'mutex-contended', 'limit-10', ...pipes],
  },
  { id: 'jsext', label: '@ayonli/jsext', kind: 'peer', scenarios: channels },
  { id: 'js-csp', label: 'js-csp', kind: 'peer', scenarios: [...channels, ...spawns] },
  { id: 'medium', label: 'medium', kind: 'peer', scenarios: channels },
  { id: 'async-channel', label: 'async-channel', kind: 'peer', scenarios: channels },
  { id: 'thi-ng-csp', label: '@thi.ng/csp', kind: 'peer', scenarios: channels },
  { id: 'effection', label: 'effection', kind: 'peer', scenarios: spawns },
  { id: 'native', label: 'native async', kind: 'peer', scenarios: [...spawns, ...pipes] },
  { id: 'async-mutex', label: 'async-mutex', kind: 'peer', scenarios: ['mutex-free', 'mutex-contended', 'limit-10'] },
  { id: 'async-sema', label: 'async-sema', kind: 'peer', scenarios: ['mutex-free', 'mutex-contended', 'limit-10'] },
  { id: 'p-limit', label: 'p-limit', kind: 'peer', scenarios: ['mutex-free', 'mutex-contended', 'limit-10'] },
  ...['limiter', 'bottleneck', 'p-throttle', 'rate-limiter-flexible'].map(
    (id) => /** @type {const} */ ({ id, label: id, kind: 'peer', scenarios: limiters }),
  ),
  { id: 'rxjs', label: 'rxjs', kind: 'peer', scenarios: pipes },
  { id: 'ix', label: 'ix', kind: 'peer', scenarios: pipes },
  { id: 'streaming-iterables', label: 'streaming-iterables', kind: 'peer', scenarios: pipes },
  { id: 'node-stream', label: 'node:stream', kind: 'peer', scenarios: pipes },
  { id: 'p-map', label: 'p-map', kind: 'peer', scenarios: ['pipe-parallel', 'pipe-parallel-ordered'] },
  { id: 'fastq', label: 'fastq', kind: 'peer', scenarios: ['mutex-free', 'mutex-contended', 'limit-10'] },
]
