// For the prime finders: a test that takes its time, on another machine. (What computes here is no faster for being shared.)
import { type Context, sleep } from 'warren'

export const testMs = 100

export async function isPrime(n: number, ctx: Context): Promise<boolean> {
  await sleep(testMs, ctx)
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
  return n > 1
}
