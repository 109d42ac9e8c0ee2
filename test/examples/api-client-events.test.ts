import { describe, expect, test } from 'vitest'
import { background, type Context, chan, go, never, Second, sleep, withCancel } from 'warren'
import { collect, take } from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { follow } from '../../examples/api-client/events.ts'
import { HttpError } from '../../examples/api-client/http.ts'

describe('following events', () => {
  const line = (id: number): string => `{"id":${id},"text":"event ${id}"}\n`

  /** A connection that sends these, `gapMs` apart, and then nothing more; or closes. */
  function connection(ctx: Context, lines: readonly string[], { gapMs = 100, closes = false } = {}): Response {
    const encoder = new TextEncoder()
    const left = [...lines]
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await sleep(gapMs, ctx)
          const next = left.shift()
          if (next !== undefined) controller.enqueue(encoder.encode(next))
          else if (closes) controller.close()
          else await never.receive(ctx)
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body)
  }

  interface Opened {
    readonly after: number
    readonly atMs: number
  }

  function following(connections: readonly ((ctx: Context) => Response)[], silentMs = 1000) {
    const opened: Opened[] = []
    const reasons: string[] = []
    const open = async (after: number, ctx: Context): Promise<Response> => {
      opened.push({ after, atMs: Date.now() })
      const next = connections[opened.length - 1]
      if (next === undefined) throw new Error('no more of them')
      return next(ctx)
    }
    return { opened, reasons, open, silentMs, onRestart: ({ reason }: { reason: string }) => void reasons.push(reason) }
  }

  test(
    'heals a connection that falls silent, and gives each event once though the service repeats some',
    bubble(async (t) => {
      const spy = following([
        (ctx) => connection(ctx, [line(1), line(2), `${line(3)}${line(4).slice(0, 5)}`]),
        (ctx) => connection(ctx, [line(2), line(3), line(4)]),
        (ctx) => connection(ctx, [line(4), line(5).slice(0, 9), line(5).slice(9)]),
      ])
      const start = t.now()
      const events = await collect(take(follow(spy, t.ctx), 5))
      expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
      expect(spy.opened.map(({ after }) => after)).toEqual([0, 3, 4])
      expect(spy.reasons.slice(0, 2)).toEqual(['silent', 'silent'])
      const silences = spy.opened.slice(1).map(({ atMs }, i) => atMs - spy.opened[i]!.atMs - 300)
      for (const silence of silences) expect(silence).toBeGreaterThan(500)
      for (const silence of silences) expect(silence).toBeLessThan(1600)
      expect(start).toBe(0)
    }),
  )

  test(
    'takes an empty line as a sign of life',
    bubble(async (t) => {
      const spy = following([(ctx) => connection(ctx, [line(1), ...Array(20).fill('\n'), line(2)], { gapMs: 400 })])
      expect(await collect(take(follow(spy, t.ctx), 2))).toHaveLength(2)
      expect(spy.opened).toHaveLength(1)
    }),
  )

  test(
    'does not take a slow reader for silence',
    bubble(async (t) => {
      const spy = following([(ctx) => connection(ctx, [line(1), line(2), line(3), line(4), ...Array(100).fill('\n')])])
      const ids: number[] = []
      for await (const { id } of take(follow(spy, t.ctx), 4)) {
        ids.push(id)
        await sleep(5 * Second)
      }
      expect(ids).toEqual([1, 2, 3, 4])
      expect(spy.opened).toHaveLength(1)
    }),
  )

  test(
    'goes on after a connection that ended and one that failed, with a pause',
    bubble(async (t) => {
      const spy = following([
        (ctx) => connection(ctx, [line(1)], { closes: true }),
        () => {
          throw new TypeError('fetch failed')
        },
        (ctx) => connection(ctx, [line(2)]),
      ])
      expect(await collect(take(follow(spy, t.ctx), 2))).toHaveLength(2)
      expect(spy.reasons).toEqual(['ended', 'failed'])
      expect(spy.opened[2]!.atMs - spy.opened[1]!.atMs).toBeGreaterThanOrEqual(50)
    }),
  )

  test(
    'stays away as long as it is told when it is refused',
    bubble(async (t) => {
      const refused = new Response(null, { status: 429, headers: { 'retry-after': '9' } })
      const spy = following([
        () => {
          throw new HttpError('/events', refused)
        },
        (ctx) => connection(ctx, [line(1)]),
      ])
      await collect(take(follow(spy, t.ctx), 1))
      expect(spy.opened[1]!.atMs - spy.opened[0]!.atMs).toBe(9000)
    }),
  )

  test(
    'ends with its context',
    bubble(async () => {
      using ctx = withCancel(background())
      const events = follow(following([(ctx) => connection(ctx, [line(1)])]), ctx)
      const ended = chan<unknown>(1)
      go(async () => {
        for await (const { id } of events) if (id === 1) ctx.cancel()
        ended.close()
      })
      await ended.receive()
    }),
  )
})
