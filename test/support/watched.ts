/** An iterable that notes how it is used. */
export function watched(values: readonly number[]): Iterable<number> & { readonly log: readonly string[] } {
  const log: string[] = []
  return {
    log,
    *[Symbol.iterator]() {
      try {
        for (const value of values) {
          log.push(`read ${value}`)
          yield value
        }
        log.push('end')
      } finally {
        log.push('closed')
      }
    },
  }
}
