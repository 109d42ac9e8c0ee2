// fastq: a queue with a worker function; the task is the function to run.
import fastq from 'fastq'
import { promiseLocks } from '../lib/promise-locks.mjs'
import { serve } from '../lib/serve.mjs'

await serve(
  'fastq',
  'node_modules/fastq/package.json',
  promiseLocks((limit) => {
    const queue = fastq.promise(async (/** @type {() => Promise<void> | void} */ work) => work(), limit)
    return (work) => queue.push(work)
  }),
)
