import { expect, test } from 'vitest'
import { PanicError } from 'warren'
import { type WatchdogOptions, watchdog } from 'warren/debug'

test.each([
  { options: 5, code: 'ERR_INVALID_ARG_TYPE', message: 'options must be an object, not 5' },
  { options: null, code: 'ERR_INVALID_ARG_TYPE', message: 'options must be an object, not null' },
  {
    options: { thresholdMs: '200' },
    code: 'ERR_INVALID_ARG_TYPE',
    message: "thresholdMs must be a number of milliseconds, not '200'",
  },
  {
    options: { thresholdMs: 9 },
    code: 'ERR_OUT_OF_RANGE',
    message: 'thresholdMs must be a number of at least 10, not 9',
  },
  { options: { thresholdMs: Number.NaN }, code: 'ERR_OUT_OF_RANGE', message: /not NaN$/ },
  { options: { thresholdMs: Number.POSITIVE_INFINITY }, code: 'ERR_OUT_OF_RANGE', message: /not Infinity$/ },
  { options: { print: 1 }, code: 'ERR_INVALID_ARG_TYPE', message: 'print must be a boolean, not 1' },
  { options: { onHog: true }, code: 'ERR_INVALID_ARG_TYPE', message: 'onHog must be a function, not true' },
])('watchdog($options) is refused', ({ options, code, message }) => {
  const call = () => watchdog(options as WatchdogOptions)
  expect(call).toThrow(PanicError)
  expect(call).toThrow(expect.objectContaining({ code }))
  expect(call).toThrow(message)
})
