// A spigot algorithm for pi (Bailey, Borwein, Plouffe, 1995) gives any digit without those before it, so that each digit is a job
// of its own: embarrassingly parallel. Its digits are hexadecimal.
// Concurrency in Go, chapter 1 (not one of the book's files).
import { chan, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

function powerModulo(base: number, exponent: number, modulus: number): number {
  let result = 1 % modulus
  for (let factor = base % modulus, rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * factor) % modulus
    factor = (factor * factor) % modulus
  }
  return result
}

/** The fraction of 16^n times the sum of 1 / (16^k (8k + j)). */
function series(j: number, n: number): number {
  let sum = 0
  for (let k = 0; k <= n; k++) sum = (sum + powerModulo(16, n - k, 8 * k + j) / (8 * k + j)) % 1
  for (let k = n + 1; k < n + 12; k++) sum += 16 ** (n - k) / (8 * k + j)
  return sum
}

/** The n-th digit behind the point, counted from 0. */
function digitOfPi(n: number): string {
  const fraction = 4 * series(1, n) - 2 * series(4, n) - series(5, n) - series(6, n)
  return Math.floor((fraction - Math.floor(fraction)) * 16).toString(16)
}

export async function main(): Promise<void> {
  const count = 32
  const digits = chan<readonly [n: number, digit: string]>(count)
  const wg = new WaitGroup()
  for (let n = 0; n < count; n++) wg.go(() => digits.send([n, digitOfPi(n)]))
  await wg.wait()
  digits.close()

  const inOrder: string[] = []
  for await (const [n, digit] of digits) inOrder[n] = digit
  console.log(`3.${inOrder.join('')}`)
}

if (isMain(import.meta)) await run(main)
