// A pipeline is as fast as its slowest stage: the test for a prime takes a tenth of a second, and one number is tested after the
// other. Concurrency in Go, chapter 4; see fig-fan-out-naive-prime-finder.ts.
import { run, Second } from 'warren'
import { filter, repeatFn, take } from 'warren/pipeline'
import { isMain } from '../is-main.ts'
import { isPrime } from '../slow-prime.ts'

export async function main(): Promise<void> {
  const start = performance.now()
  let n = 50_000
  const numbers = repeatFn(() => ++n)
  const primes = filter(numbers, isPrime)

  console.log('Primes:')
  for await (const prime of take(primes, 10)) console.log(`\t${prime}`)
  console.log(`Search took: ${((performance.now() - start) / Second).toFixed(1)}s`)
}

if (isMain(import.meta)) await run(main)
