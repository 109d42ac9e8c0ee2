export { constant, decorrelated, delays, type ExponentialOptions, exponential, linear, schedule } from './backoff.ts'
export type { CircuitBreakerOptions } from './breaker-options.ts'
export { type Bulkhead, type BulkheadOptions, type BulkheadStats, bulkhead } from './bulkhead.ts'
export type { Callee } from './call.ts'
export type { Tally } from './call-window.ts'
export {
  type CircuitBreaker,
  type CircuitState,
  type CircuitStats,
  type CircuitStatus,
  circuitBreaker,
} from './circuit-breaker.ts'
export { compose, type Policy } from './compose.ts'
export { type DedupeOptions, dedupe } from './dedupe.ts'
export type { ErrorData, FailureData, ThrownData } from './error-data.ts'
export { Failure, type FailureOptions, wellFormed, wrap } from './failure.ts'
export type { Health } from './health.ts'
export { every, type Limit, per } from './limit.ts'
export { LimitError } from './limit-error.ts'
export { Limiter } from './limiter.ts'
export { multiLimiter } from './multi-limiter.ts'
export type { RateLimiter } from './rate-limiter.ts'
export { BulkheadFullError, CircuitOpenError } from './rejected-error.ts'
export type { Reservation } from './reservation.ts'
export { type Attempt, retry } from './retry.ts'
export { retryAfter } from './retry-after.ts'
export type { Delay, FailedTry, Jitter, Schedule } from './schedule.ts'
export { timeout } from './timeout.ts'
