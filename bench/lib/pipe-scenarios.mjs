/**
 * The pipelines. A value is counted once for each stage it goes through: a chain of three stages carries n/3 values, so that
 * the time is one of a value and a stage.
 */
const lengths = [1, 3, 10]

/** For chains that are long enough for their two ends not to count. */
const floor = { generator: 0.5, async: 0.5 }

/** @type {readonly import('./scenarios.mjs').Scenario[]} */
export const pipeScenarios = [
  ...lengths.map((stages) =>
    chain(`pipe-move-${stages}`, stages, `value moved by a stage, of ${stages}; a goroutine sends`),
  ),
  ...lengths.map((stages) =>
    chain(`pipe-iterable-${stages}`, stages, `value moved by a stage, of ${stages}; the source is an iterable`),
  ),
  ...lengths.map((stages) =>
    chain(`pipe-map-${stages}`, stages, `value in a map or filter, of ${stages} in turn`, false),
  ),
  chain('pipe-or-done-10', 10, "value moved by a stage, of 10 orDone; Go's selects with done, at both ends"),
  chain('pipe-buffer-3', 3, 'value moved by a buffer of 100, of 3'),
  pattern(
    'pipe-parallel',
    100,
    'value mapped by a function that waits a turn of the event loop (Go: Gosched), 16 at a time',
  ),
  pattern('pipe-parallel-ordered', 100, 'the same, in order'),
  pattern('pipe-pool', 100, 'value mapped by a function that waits by gosched, 16 at a time, in any order'),
  pattern('pipe-tee-merge', 1, 'value through a tee of two, whose halves are merged again'),
  pattern('pipe-bridge', 10, 'value through a bridge of channels of ten'),
  pattern('pipe-batch', 100, 'value into batches of 100'),
  pattern('pipe-batch-within', 100, 'value into batches of 100, or of what came within a second'),
  used('pipe-used-move'),
  used('pipe-used-iterable'),
  ...lengths.map((stages) =>
    watch(`pipe-peak-${stages}`, `peak of memory above the start, 500,000 values through ${stages} that move`, {
      count: 500_000,
      quickCount: 100_000,
    }),
  ),
  watch(
    'pipe-slow',
    'the same, 1,000,000 values of an endless source, three stages; a turn of the loop per 1000 values',
  ),
  watch('pipe-slow-kept', 'what is kept on the heap meanwhile, at most, after a collection'),
]

/**
 * @param {string} id
 * @param {number} stages
 * @param {string} what
 * @param {boolean} [moves] values, and nothing else
 * @returns {import('./scenarios.mjs').Scenario}
 */
function chain(id, stages, what, moves = true) {
  return {
    id,
    group: 'chains',
    what,
    unit: 'ns',
    kind: 'batch',
    step: stages,
    ...(stages === 10 && moves && { floor }),
  }
}

/**
 * @param {string} id
 * @param {number} step
 * @param {string} what
 * @returns {import('./scenarios.mjs').Scenario}
 */
function pattern(id, step, what) {
  return { id, group: 'patterns', what, unit: 'ns', kind: 'batch', step }
}

/**
 * @param {string} id
 * @returns {import('./scenarios.mjs').Scenario}
 */
function used(id) {
  return {
    ...pattern(id, 10, `as ${id.replace('used-', '')}-10, where all other kinds of stages have run before`),
    floor,
  }
}

/**
 * @param {string} id
 * @param {string} what
 * @param {Partial<import('./scenarios.mjs').Scenario>} [sizes]
 * @returns {import('./scenarios.mjs').Scenario}
 */
function watch(id, what, sizes = { count: 1_000_000, quickCount: 100_000, timeoutMs: 30_000 }) {
  return { id, group: 'backpressure', what, unit: 'MB', kind: 'probe', maxRounds: 3, ...sizes }
}

/** What only Go and we do. */
export const ownPipes = ['pipe-or-done-10', 'pipe-pool']
