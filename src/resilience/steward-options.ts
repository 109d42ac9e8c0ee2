// What a steward is told.
import { requireAtLeast, requireFunction, requireObject, requirePeriod } from '../errors/argument.ts'
import { type EndReason, type RestartOptions, RestartPolicy } from './restart-policy.ts'

/** How long a ward may be silent, and what is done when it is. */
export interface StewardOptions extends RestartOptions {
  /** How long a ward may go without a pulse, from when it is started. It is asked for two in that time. */
  readonly timeoutMs: number
  /** How often the steward pulses itself. Default: half of `timeoutMs`. */
  readonly intervalMs?: number | undefined
  /** How long a ward that was cancelled has to end before the next one is started. Default: 0, it is not waited for. */
  readonly graceMs?: number | undefined
  /** Told of each restart when it is decided, before its delay. What it throws ends the steward. */
  readonly onRestart?: ((restart: Restart) => void) | undefined
}

/** A restart, as `onRestart` is told of it. */
export interface Restart {
  /** How the ward ended: it stopped pulsing, threw, or returned. */
  readonly reason: EndReason
  /** What it threw; a StewardError when it fell silent; undefined when it returned. */
  readonly error: unknown
  /** Which restart it is, from 1. */
  readonly restarts: number
  /** How long it is until the ward is started again, in milliseconds. */
  readonly delayMs: number
}

/** The options, checked, with the defaults. */
export class StewardSettings {
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly graceMs: number
  readonly onRestart: (restart: Restart) => void
  readonly policy: RestartPolicy

  constructor(options: StewardOptions) {
    requireObject('options', options)
    const { timeoutMs, intervalMs = timeoutMs / 2, graceMs = 0, onRestart } = options
    requirePeriod('timeoutMs', timeoutMs)
    requirePeriod('intervalMs', intervalMs)
    requireAtLeast('graceMs', graceMs, 0)
    if (onRestart !== undefined) requireFunction('onRestart', onRestart)
    this.timeoutMs = timeoutMs
    this.intervalMs = intervalMs
    this.graceMs = graceMs
    this.onRestart = onRestart ?? (() => {})
    this.policy = new RestartPolicy(options)
  }
}
