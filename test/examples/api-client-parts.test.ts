import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, go, Minute, Second, sleep, withCancel } from 'warren'
import { collect, fromIterable, parallelMap } from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { ApiClient, type Service } from '../../examples/api-client/client.ts'
import { HttpError } from '../../examples/api-client/http.ts'
import { help, parseOptions, UsageError } from '../../examples/api-client/options.ts'

interface Asked {
  readonly path: string
  readonly atMs: number
  readonly key: string | null
  readonly signal: AbortSignal
}

type Answer = (asked: Asked, n: number) => Response | Promise<Response>

/** A service in virtual time; `answer` is told how many have asked for the same before. */
class FakeService {
  readonly asked: Asked[] = []
  readonly #answer: Answer
  readonly #startMs = Date.now()

  constructor(answer: Answer = () => Response.json('yes')) {
    this.#answer = answer
  }

  client(settings: Partial<Service> = {}): ApiClient {
    const defaults = { url: 'http://service', perSecond: 10, perMinute: 100, lateMs: 500, timeoutMs: 10 * Second }
    return new ApiClient({ ...defaults, ...settings, fetch: this.#fetch })
  }

  get times(): number[] {
    return this.asked.map(({ atMs }) => atMs)
  }

  /** The most that came within `ms` milliseconds. */
  mostWithin(ms: number): number {
    return Math.max(...this.times.map((from) => this.times.filter((at) => at >= from && at < from + ms).length))
  }

  readonly #fetch = async (url: string, { headers, signal }: RequestInit): Promise<Response> => {
    const path = url.replace('http://service', '')
    const n = this.asked.filter((asked) => asked.path === path).length
    const asked = {
      path,
      atMs: Date.now() - this.#startMs,
      key: new Headers(headers).get('idempotency-key'),
      signal: signal!,
    }
    this.asked.push(asked)
    return await this.#answer(asked, n)
  }
}

/** An answer that comes after so many milliseconds, unless nobody waits for it any more. */
async function late(ms: number, { signal }: Asked): Promise<Response> {
  await sleep(ms, signal)
  return Response.json('late')
}

const status = (status: number, headers: Record<string, string> = {}): Response => new Response('', { status, headers })
const readAll = (client: ApiClient, n: number, concurrency = 20): Promise<string[]> =>
  collect(parallelMap(fromIterable(Array(n).keys()), (i, ctx) => client.read<string>(`/${i}`, ctx), { concurrency }))

describe('the quota', () => {
  test(
    'is kept in every second and in every minute, and used',
    bubble(async (t) => {
      const service = new FakeService()
      expect(await readAll(service.client(), 300)).toHaveLength(300)
      expect(service.mostWithin(Second)).toBeLessThanOrEqual(10)
      expect(service.mostWithin(Minute)).toBeLessThanOrEqual(100)
      expect(service.mostWithin(Second)).toBeGreaterThanOrEqual(9)
      expect(service.mostWithin(Minute)).toBeGreaterThanOrEqual(90)
      expect(t.now()).toBeLessThan(3.4 * Minute)
    }),
  )

  test(
    'is kept by reads, writes and streams together, and by second requests',
    bubble(async () => {
      const service = new FakeService((asked, n) =>
        n === 0 && /[05]$/.test(asked.path) ? late(5000, asked) : Response.json('yes'),
      )
      const client = service.client({ perMinute: 60 })
      const others = [1, 2, 3, 4].map((n) => go(() => client.open(`/stream/${n}`, background())))
      const reads = Array.from({ length: 40 }, (_, n) => client.read(`/${n}`, background()).catch(() => {}))
      const writes = Array.from({ length: 20 }, (_, n) => client.write(`/w${n}`, n, background()).catch(() => {}))
      await Promise.all([...reads, ...writes, ...others.map((other) => other.join())])
      expect(service.mostWithin(Second)).toBeLessThanOrEqual(10)
      expect(service.mostWithin(Minute)).toBeLessThanOrEqual(60)
    }),
  )
})

describe('a read', () => {
  test(
    'whose answer is late is tried a second time, and the first is given up',
    bubble(async (t) => {
      const service = new FakeService((asked, n) => (n === 0 ? late(9000, asked) : Response.json('second')))
      const client = service.client()
      expect(await client.read('/', t.ctx)).toBe('second')
      expect(service.times).toEqual([0, 500])
      expect(service.asked[0]!.signal.aborted).toBe(true)
      expect(client.reads.stats()).toMatchObject({ calls: 1, hedges: 1, wins: 1 })
    }),
  )

  test(
    'that waits for the quota is not late',
    bubble(async () => {
      const service = new FakeService()
      await readAll(service.client({ perSecond: 1, lateMs: 10 }), 10)
      expect(service.asked).toHaveLength(10)
    }),
  )

  test(
    'is not tried a second time before the quota allows it, and takes nothing of it then',
    bubble(async (t) => {
      const service = new FakeService((asked) => late(2000, asked))
      const client = service.client({ perSecond: 1, perMinute: 4 })
      expect(await client.read('/1', t.ctx)).toBe('late')
      expect(await client.read('/2', t.ctx)).toBe('late')
      expect(service.times).toEqual([0, 20_000])
    }),
  )

  test(
    'that is refused is not tried again',
    bubble(async (t) => {
      const service = new FakeService(() => status(404))
      await expect(service.client().read('/1', t.ctx)).rejects.toThrow(HttpError)
      expect(service.asked).toHaveLength(1)
    }),
  )

  test(
    'waits as long as the service says',
    bubble(async (t) => {
      const service = new FakeService((_, n) => (n === 0 ? status(429, { 'retry-after': '7' }) : Response.json('yes')))
      expect(await service.client().read('/1', t.ctx)).toBe('yes')
      expect(service.times).toEqual([0, 7000])
    }),
  )

  test(
    'is tried again when nobody answers in time',
    bubble(async (t) => {
      const service = new FakeService((asked, n) => (n < 2 ? late(Minute, asked) : Response.json('yes')))
      expect(await service.client({ timeoutMs: 2000 }).read('/1', t.ctx)).toBe('yes')
      expect(service.asked).toHaveLength(3)
    }),
  )

  test(
    'ends with its context, wherever it waits',
    bubble(async () => {
      for (const afterMs of [0, 50, 350, 1000, 2500]) {
        const service = new FakeService((asked, n) => (n === 0 ? status(503) : late(Minute, asked)))
        using ctx = withCancel(background())
        const read = service.client({ timeoutMs: 2000 }).read('/1', ctx)
        read.catch(() => {})
        await sleep(afterMs)
        const before = Date.now()
        ctx.cancel()
        await expect(read).rejects.toThrow(ContextCanceledError)
        expect(Date.now()).toBe(before)
        await sleep(0)
        expect(service.asked.every(({ signal }) => signal.aborted)).toBe(true)
      }
    }),
  )
})

describe('a write', () => {
  test(
    'is one request at a time, however late the answer',
    bubble(async (t) => {
      const service = new FakeService((asked) => late(9000, asked))
      expect(await service.client().write('/1', {}, t.ctx)).toBe('late')
      expect(service.asked).toHaveLength(1)
    }),
  )

  test(
    'is tried again with the same key, and another write has another',
    bubble(async (t) => {
      const lost = Object.assign(new TypeError('fetch failed'), { cause: new Error('read ECONNRESET') })
      const service = new FakeService(({ path }, n) => {
        if (path === '/1' && n < 2) throw lost
        return Response.json('yes')
      })
      const client = service.client()
      expect(await client.write('/1', {}, t.ctx)).toBe('yes')
      await client.write('/2', {}, t.ctx)
      const keys = service.asked.map(({ key }) => key)
      expect(keys).toHaveLength(4)
      expect(new Set(keys.slice(0, 3)).size).toBe(1)
      expect(new Set(keys).size).toBe(2)
    }),
  )
})

describe('a service that is down', () => {
  test(
    'is left alone by all, asked by one now and then, and used again when it is up',
    bubble(async (t) => {
      const service = new FakeService(({ atMs }) =>
        atMs < 20 * Second ? status(503, { 'retry-after': '5' }) : Response.json('yes'),
      )
      const client = service.client({ perSecond: 100, perMinute: 6000 })
      expect(await readAll(client, 20)).toHaveLength(20)
      const whileDown = service.times.filter((at) => at < 20 * Second)
      expect(whileDown.filter((at) => at > Second).length).toBeLessThan(5)
      expect(t.now()).toBeLessThan(Minute)
    }),
  )
})

describe('the options of the client', () => {
  const wrong: Record<string, [args: string[], message: string]> = {
    'no address': [[], 'one URL, not 0'],
    'two addresses': [['http://a', 'http://b'], 'one URL, not 2'],
    'an address of something else': [['ftp://host/'], 'not a URL of a service: "ftp://host/"'],
    'no quota': [['http://host/', '--per-second', '0'], '--per-second must be a whole number of at least 1, not "0"'],
    'an unknown option': [['--fast'], "Unknown option '--fast'"],
  }
  for (const [title, [args, message]] of Object.entries(wrong)) {
    test(`${title} is refused`, () => {
      expect(() => parseOptions(args)).toThrow(UsageError)
      expect(() => parseOptions(args)).toThrow(message)
    })
  }

  test('are all in the help', () => {
    expect(parseOptions(['-h'])).toBe('help')
    for (const word of ['--per-second', '--per-minute', '--jobs', '--late', '--timeout', '--follow', '--silent']) {
      expect(help).toContain(word)
    }
  })
})
