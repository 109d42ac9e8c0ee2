// A stream of events over a connection that may fall silent without anybody noticing: the server is gone, the line is cut, and no
// packet will ever say so. Here somebody does notice: a steward, to which every line is a sign of life.

import { type Context, Hour, type ReceiveChan, Second } from 'warren'
import { dedupe, exponential, heartbeat, type Restart, retryAfter, steward } from 'warren/resilience'

export interface ApiEvent {
  readonly id: number
  readonly text: string
}

export interface Following {
  /** Opens the stream of what came after the event of that number; the service may repeat some from before. */
  open(after: number, ctx: Context): Promise<Response>
  /** After how long without a line the connection is given up. The service sends an empty one when nothing happens. */
  readonly silentMs: number
  onRestart?(restart: Restart): void
}

/** Each event once, in order, over as many connections as it takes, until `ctx` ends. */
export function follow({ open, silentMs, onRestart }: Following, ctx: Context): ReceiveChan<ApiEvent> {
  let last = 0

  const connect = (ctx: Context, intervalMs: number) =>
    heartbeat<ApiEvent>(
      async function connection(worker, ctx) {
        const response = await open(last, ctx)
        for await (const line of linesOf(response)) {
          worker.beat()
          if (line === '') continue
          const event: ApiEvent = JSON.parse(line)
          await worker.send(event)
          last = event.id
        }
      },
      { intervalMs },
      ctx,
    )

  const backoff = exponential(100, { maxMs: 30 * Second })
    .jitter('equal')
    .delayFrom(retryAfter)
  const options = { restart: 'always', maxRestarts: Number.POSITIVE_INFINITY, backoff, onRestart } as const
  const { results } = steward(connect, { timeoutMs: silentMs, ...options }, ctx)
  return dedupe(results, { key: ({ id }) => id, windowMs: Hour, maxKeys: 10_000 })
}

async function* linesOf({ body }: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
}
