// Random trees of contexts, cancelled, timed out and aborted in random order, against a model that is a plain table.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  background,
  type CancelableContext,
  type Context,
  fromSignal,
  never,
  sleep,
  withCancel,
  withoutCancel,
  withTimeout,
  withValue,
} from 'warren'
import { afterFunc, cause, contextKey } from 'warren/context'
import { type Bubble, bubble } from 'warren/testing'
import { childrenOf, expectNoWaits, scopeOf } from '../support/scopes.ts'
import { Outcome } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'

const key = contextKey<number>('node')

interface Node {
  readonly ctx: Context
  readonly parent: Node | undefined
  /** Undefined for one that can only end with its parent. */
  readonly own: CancelableContext | undefined
  readonly controller: AbortController | undefined
  /** The model. */
  readonly deadline: number
  readonly isDetached: boolean
  reason: unknown
  readonly value: number | undefined
  calls: number
  readonly wait: Outcome<unknown>
  readonly signal: AbortSignal | undefined
}

interface Derive {
  readonly kind: 'cancel' | 'timeout' | 'value' | 'detach' | 'signal'
  readonly at: number
  readonly ms: number
}

type Step =
  | Derive
  | { readonly kind: 'end' | 'abort'; readonly at: number }
  | { readonly kind: 'pass'; readonly ms: number }

const at = fc.nat(1000)
const ms = fc.integer({ min: -2, max: 60 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('cancel', 'timeout', 'value', 'detach', 'signal'), at, ms }),
  fc.record({ kind: fc.constantFrom('cancel', 'timeout'), at, ms }),
  fc.record({ kind: fc.constantFrom('end', 'abort'), at }),
  fc.record({ kind: fc.constant('pass'), ms: fc.nat(40) }),
)

const isDerive = (step: Step): step is Derive => 'at' in step && 'ms' in step

const deadlineReason = Symbol('deadline')
let now = 0

function endInModel(nodes: readonly Node[], from: Node, reason: unknown): void {
  if (from.reason !== undefined) return
  from.reason = reason
  for (const node of nodes) if (node.parent === from && !node.isDetached) endInModel(nodes, node, reason)
}

function derive(nodes: Node[], { kind, at, ms }: Derive): void {
  const parent = nodes.length === 0 ? undefined : nodes[at % nodes.length]!
  const from = parent?.ctx ?? background()
  const inherited = parent?.deadline ?? Number.POSITIVE_INFINITY
  const controller = kind === 'signal' ? new AbortController() : undefined
  const own =
    kind === 'cancel'
      ? withCancel(from)
      : kind === 'timeout'
        ? withTimeout(from, ms)
        : controller === undefined
          ? undefined
          : fromSignal(controller.signal)
  const ctx = own ?? (kind === 'detach' ? withoutCancel(from) : withValue(from, key, nodes.length))
  const isDetached = kind === 'detach' || kind === 'signal'
  const node: Node = {
    ctx,
    parent,
    own,
    controller,
    isDetached,
    deadline: isDetached ? Number.POSITIVE_INFINITY : kind === 'timeout' ? Math.min(inherited, now + ms) : inherited,
    reason: isDetached ? undefined : parent?.reason,
    value: kind === 'value' ? nodes.length : kind === 'signal' ? undefined : parent?.value,
    calls: 0,
    wait: new Outcome(nodes.length % 2 === 0 ? never.receive(ctx) : ctx.done.receive()),
    signal: nodes.length % 3 === 0 ? ctx.signal : undefined,
  }
  afterFunc(ctx, () => void node.calls++)
  nodes.push(node)
  if (node.reason === undefined && node.deadline <= now) node.reason = deadlineReason
}

async function apply(nodes: Node[], step: Step, t: Bubble): Promise<void> {
  if (step.kind === 'pass') {
    now += step.ms
    await sleep(step.ms)
    await t.wait()
    for (const node of nodes) if (node.deadline <= now && node.reason === undefined) node.reason = deadlineReason
    return
  }
  if (isDerive(step)) {
    derive(nodes, step)
    return
  }
  const candidates = nodes.filter((node) => (step.kind === 'end' ? node.own : node.controller) !== undefined)
  if (candidates.length === 0) return
  const node = candidates[step.at % candidates.length]!
  const reason = { step: step.at }
  if (step.kind === 'end') node.own!.cancel(reason)
  else node.controller!.abort(reason)
  endInModel(nodes, node, node.controller?.signal.aborted === true ? node.controller.signal.reason : reason)
}

function check(nodes: readonly Node[]): void {
  for (const [i, { ctx, reason, value, deadline, signal }] of nodes.entries()) {
    const name = `node ${i}: ${ctx}`
    if (reason === undefined) expect(ctx.err, name).toBeUndefined()
    else if (reason === deadlineReason) expect(ctx.err, name).toMatchObject({ code: 'ERR_DEADLINE_EXCEEDED' })
    else expect([ctx.err?.code, cause(ctx)], name).toEqual(['ERR_CONTEXT_CANCELED', reason])
    if (reason === undefined) expect(ctx.done.tryReceive(), name).toBeUndefined()
    else expect(ctx.done.tryReceive(), name).toEqual({ value: undefined, ok: false })
    expect(ctx.value(key), name).toBe(value)
    const date = Number.isFinite(deadline) ? Date.now() - now + deadline : undefined
    expect(ctx.deadline?.getTime(), name).toBe(date)
    if (signal !== undefined) expect(signal.aborted, name).toBe(reason !== undefined)
    if (reason !== undefined) expect(childrenOf(ctx), name).toEqual([])
    if (reason !== undefined) expectNoWaits(ctx)
  }
}

test('contexts behave as the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) =>
      bubble(async (t) => {
        const timers = watchTimers()
        now = 0
        const nodes: Node[] = []
        for (const each of steps) {
          await apply(nodes, each, t)
          check(nodes)
        }
        await t.wait()
        for (const [i, { reason, wait, calls, ctx }] of nodes.entries()) {
          expect([wait.state !== 'pending', calls], `node ${i}: ${ctx}`).toEqual(
            reason === undefined ? [false, 0] : [true, 1],
          )
        }
        // What is left has a timer only where a scope of its own is open.
        const open = nodes.filter(({ own, reason }) => own !== undefined && reason === undefined)
        const timed = open.filter(({ ctx }) => scopeOf(ctx).deadline?.belongsTo(scopeOf(ctx)))
        expect(timers.pending).toBe(timed.length)
      })(),
    ),
    { numRuns: 150 },
  )
})
