import { expect, test } from 'vitest'
import { formatLatency, formatLeaks, watchLatency } from 'warren/debug'

test('what is formatted must be a list', () => {
  using watching = watchLatency()
  const wrong = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' })
  expect(() => formatLatency(watching.report() as never)).toThrow(wrong)
  expect(() => formatLeaks(Promise.resolve([]) as never)).toThrow(wrong)
})
