// For the tests among the examples: what a runner would say of one.

/** Runs a test, and says whether it passed. */
export async function verdict(test: () => Promise<void>): Promise<string> {
  try {
    await test()
    return 'PASS'
  } catch (error) {
    return `FAIL: ${(error as Error).message}`
  }
}
