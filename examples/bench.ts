// For the benchmarks among the examples: one line for each, as Go's tool prints them.

/** Lets `body` do something `count` times, and prints how long it took each time. */
export async function bench(name: string, count: number, body: (count: number) => Promise<void>): Promise<void> {
  const start = performance.now()
  await body(count)
  const ns = ((performance.now() - start) * 1e6) / count
  console.log(`${name.padEnd(24)} ${String(count).padStart(8)} ${ns.toFixed(0).padStart(12)} ns/op`)
}
