// What the thread says of itself when the watchdog's worker asks, in the middle of whatever it is doing. Changes nothing.
import { scheduler } from '../runtime/runtime.ts'
import { formatFrames } from '../runtime/site.ts'
import type { Observation } from './watchdog-thread.ts'

const maxFrames = 50

/** The name under which the question is evaluated. Behind its frame stand those of the thread. */
const questionUrl = 'node:warren-watchdog'

// Registered like the runtime itself (runtime/runtime.ts), whose copies may each have watchdogs.
const key: unique symbol = Symbol.for('warren.observers')
const registry = globalThis as { [key]?: ((() => Observation) | undefined)[] }

/** Makes `observe` known to whoever evaluates `question` in this thread. */
export function answerWith(observe: () => Observation): { readonly question: string; withdraw(): void } {
  registry[key] ??= []
  const observers = registry[key]
  const index = observers.push(observe) - 1
  return {
    question: `globalThis[Symbol.for('warren.observers')][${index}]?.()\n//# sourceURL=${questionUrl}`,
    withdraw: () => {
      observers[index] = undefined
    },
  }
}

/** The thread's stack and goroutine, as seen from within the question. */
export function observeStack(): Omit<Observation, 'busyMs'> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = maxFrames
  const raw: unknown = new Error().stack
  Error.stackTraceLimit = stackTraceLimit
  const frames = typeof raw === 'string' ? framesBelow(raw) : ''
  const stack = formatFrames(frames)
  const [name = '', place] = stack?.split('\n', 2) ?? []
  const record = scheduler.currentRecord()
  return {
    awaitsDebugger: /\bnode:inspector:/.test(frames),
    functionName: functionNameOf(name),
    place: place?.trimStart(),
    stack,
    goroutine: record === undefined ? undefined : { id: record.id, name: record.name },
  }
}

function framesBelow(stack: string): string {
  const at = stack.lastIndexOf(questionUrl)
  return at < 0 ? stack : stack.slice(stack.indexOf('\n', at))
}

/** `Timeout.poll [as _onTimeout](...)` is `poll`: Node's part in the name is no help. */
function functionNameOf(frame: string): string {
  return frame.replace(/\(\.\.\.\)$/, '').replace(/^(?:Timeout\.|Immediate\.)?(.*?)(?: \[as .*\])?$/, '$1')
}
