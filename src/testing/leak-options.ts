// What the leak checks take as options.

import type { GoroutineRecord } from '../debug/goroutines.ts'
import type { Leak } from '../debug/leaks.ts'
import { invalidType, requireDuration, requireObject } from '../errors/argument.ts'

/** Goroutines that are no leaks: by the name of their function, or by anything else. */
export type Ignore = string | ((goroutine: GoroutineRecord) => boolean)

export interface LeakOptions {
  /** How long goroutines that may still run get to end, in milliseconds; default: 1000. */
  readonly timeoutMs?: number | undefined
  /** Goroutines that are no leaks; default: none. */
  readonly ignore?: Ignore | readonly Ignore[] | undefined
}

export interface LeakRules {
  readonly timeoutMs: number
  isIgnored(leak: Leak): boolean
}

const defaultTimeoutMs = 1000

export function leakRules(options: LeakOptions): LeakRules {
  requireObject('options', options)
  const { timeoutMs = defaultTimeoutMs, ignore = [] } = options
  requireDuration('timeoutMs', timeoutMs)
  const rules: readonly unknown[] = Array.isArray(ignore) ? ignore : [ignore]
  for (const rule of rules) {
    if (typeof rule !== 'string' && typeof rule !== 'function')
      throw invalidType('ignore', 'a name or a function', rule)
  }
  return {
    timeoutMs,
    isIgnored: ({ goroutine }) =>
      (rules as readonly Ignore[]).some((rule) =>
        typeof rule === 'string' ? rule === goroutine.name : rule(goroutine),
      ),
  }
}
