// Browsers and other hosts without Node's process: no exit to watch, no identity, errors to the console.
import type { Host, HostTimer } from './host.ts'

interface Port {
  postMessage(message: unknown): void
  onmessage: (() => void) | null
}

interface WebGlobals {
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port }
  readonly performance: { now(): number }
  readonly console: { error(text: string): void }
  setTimeout(fn: () => void, delayMs: number): unknown
  clearTimeout(timer: never): void
  reportError?(error: unknown): void
}

export function createWebHost(): Host {
  const web = globalThis as unknown as WebGlobals
  const { port1, port2 } = new web.MessageChannel()
  const tasks: (() => void)[] = []
  port1.onmessage = () => tasks.splice(0).forEach((task) => void task())
  const macrotask = (fn: () => void): void => {
    tasks.push(fn)
    port2.postMessage(0)
  }
  return {
    name: 'web',
    macrotask,
    afterMicrotasks: macrotask,
    now: () => web.performance.now(),
    startTimer(fn, delayMs): HostTimer {
      const timer = web.setTimeout(fn, delayMs)
      return { cancel: () => web.clearTimeout(timer as never), keepAlive() {} }
    },
    env: () => undefined,
    writeError: (text) => web.console.error(text),
    crash(error, report) {
      web.console.error(report())
      web.reportError?.(error)
    },
    onQuiescence() {},
    onEnd() {},
    collectGarbage: () => false,
    onTermination: () => () => {},
    createIdentity: () => undefined,
    captureContext: () => null,
    rootContext: () => null,
  }
}
