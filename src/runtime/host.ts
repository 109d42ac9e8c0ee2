// What the runtime needs from the platform. One file per host: host-node.ts (also Deno and Bun), host-web.ts.
import type { Identity } from './identity.ts'

/** A host timer. Whether it keeps the program alive can be changed at any time. */
export interface HostTimer {
  cancel(): void
  keepAlive(on: boolean): void
}

/** Runs a function in the asynchronous context (AsyncLocalStorage) of the place where it was captured. */
export type RunInContext = <A>(fn: (argument: A) => void, argument: A) => void

export interface Host {
  readonly name: 'node' | 'web'
  /** Runs `fn` after timers and I/O had a turn. Keeps the program alive. */
  macrotask(fn: () => void): void
  /** Runs `fn` when no microtask is left; before timers and I/O, where the host has such a place. */
  afterMicrotasks(fn: () => void): void
  /** A steady clock, in milliseconds. */
  now(): number
  startTimer(fn: () => void, delayMs: number): HostTimer
  /** The environment variable, where there are any. */
  env(name: string): string | undefined
  writeError(text: string): void
  /** Ends the program because of an error nobody handles; prints `report`, or lets the host's own handlers take it. */
  crash(error: unknown, report: () => string): void
  /** Calls `report` when nothing can ever run again; `stuckTopLevel`: the program's top level has not finished. */
  onQuiescence(report: (stuckTopLevel: boolean) => string | undefined): void
  /**
   * Calls `prepare` when nothing is left to do, once, and then `report`, whose text is printed; only that when the program
   * ends by a call of exit, or by an error (`failure`).
   */
  onEnd(prepare: () => Promise<void>, report: (end: 'finished' | 'exit' | 'failure') => string | undefined): void
  /** Collects all garbage that there is; false where that cannot be forced. */
  collectGarbage(): boolean
  /** Calls `fn` once for each of the first signals that ask the program to end; returns how to stop listening. */
  onTermination(fn: (signal: string) => void): () => void
  /** Identity for async goroutines, or undefined where the host cannot give it. */
  createIdentity(): Identity | undefined
  /** The current asynchronous context, or null while the program uses none. */
  captureContext(): RunInContext | null
  /** The context in which the package was loaded, or null while the program uses none. */
  rootContext(): RunInContext | null
}
