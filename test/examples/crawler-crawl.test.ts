import { describe, expect, test } from 'vitest'
import { background, type Context, ContextCanceledError, sleep, withCancel, withTimeout } from 'warren'
import { bubble } from 'warren/testing'
import { crawl } from '../../examples/crawler/crawl.ts'
import { Frontier, type Limits, type Page, type Visit } from '../../examples/crawler/frontier.ts'

interface Request {
  readonly url: string
  readonly start: number
  readonly end: number
}

/** A web in virtual time: links by address; what is not listed is a page without any. */
class Web {
  readonly requests: Request[] = []
  readonly finished: Request[] = []
  underWay = 0
  most = 0
  readonly #links: Record<string, readonly string[]>
  readonly takesMs: (url: string) => number

  constructor(links: Record<string, readonly string[]>, takesMs: (url: string) => number = () => 100) {
    this.#links = links
    this.takesMs = takesMs
  }

  get hosts(): Set<string> {
    return new Set(Object.keys(this.#links).map((url) => new URL(url).origin))
  }

  async get(url: string): Promise<readonly string[]> {
    this.most = Math.max(this.most, ++this.underWay)
    const start = Date.now()
    await sleep(this.takesMs(url))
    this.underWay--
    this.requests.push({ url, start, end: Date.now() })
    return this.#links[url] ?? []
  }

  visited(): string[] {
    return this.requests.map(({ url }) => url).filter((url) => !url.endsWith('robots.txt'))
  }
}

interface Setting {
  readonly jobs?: number
  readonly pauseMs?: number
  readonly visit?: (url: string) => Promise<Visit>
  readonly stop?: Context
}

async function crawlWeb(web: Web, frontier: Frontier, setting: Setting = {}): Promise<[Page, Visit][]> {
  const { jobs = 4, pauseMs = 1000, stop = background() } = setting
  const visit = async (url: string): Promise<Visit> => ({ kind: 'visited', status: 200, links: await web.get(url) })
  const reports: [Page, Visit][] = []
  const openSite = async (origin: string) => {
    await web.get(`${origin}/robots.txt`)
    return { pauseMs, allows: (url: string) => !url.includes('private'), visit: setting.visit ?? visit }
  }
  await crawl(frontier, { jobs, openSite, report: (page, visit) => reports.push([page, visit]) }, stop)
  return reports
}

const limitsOf = (web: Web): Limits => ({ origins: web.hosts, maxDepth: 16, maxTries: 3 })

function frontierOf(web: Web, ...urls: string[]): Frontier {
  const frontier = new Frontier(limitsOf(web))
  for (const url of urls) frontier.add(url, 0)
  return frontier
}

/** Three hosts that link to each other, with loops. */
function threeHosts(takesMs?: (url: string) => number): Web {
  const hosts = ['http://a', 'http://b', 'http://c']
  const links: Record<string, string[]> = {}
  for (const host of hosts) {
    links[`${host}/`] = [`${host}/`, `${host}/1`, `${host}/2#top`, ...hosts.map((other) => `${other}/`), 'http://d/']
    links[`${host}/1`] = [`${host}/2`, `${host}/3`, `${hosts[1]}/from-${host.at(-1)}`]
    links[`${host}/3`] = [`${host}/1`, `${host}/`]
  }
  return new Web(links, takesMs)
}
const pagesOfThree = ['a', 'b', 'c']
  .flatMap((host) => [`http://${host}/`, ...[1, 2, 3].map((n) => `http://${host}/${n}`), `http://b/from-${host}`])
  .sort()

describe('crawl', () => {
  test(
    'visits every page that can be reached on its hosts, once',
    bubble(async () => {
      const web = threeHosts()
      const frontier = frontierOf(web, 'http://a/')
      const reports = await crawlWeb(web, frontier)
      expect(web.visited().sort()).toEqual(pagesOfThree)
      expect(reports).toHaveLength(pagesOfThree.length)
      expect({ waiting: frontier.waiting, done: frontier.done }).toEqual({ waiting: [], done: pagesOfThree.length })
    }),
  )

  test(
    'asks each host for one page at a time, and pauses after each',
    bubble(async () => {
      const web = threeHosts((url) => (url.endsWith('1') ? 2500 : 100))
      await crawlWeb(web, frontierOf(web, 'http://a/'))
      for (const host of web.hosts) {
        const own = web.requests.filter(({ url }) => url.startsWith(`${host}/`))
        const gaps = own.slice(1).map(({ start }, i) => start - own[i]!.end)
        expect(Math.min(...gaps), host).toBe(1000)
      }
    }),
  )

  for (const jobs of [1, 2, 3]) {
    test(
      `has ${jobs} of three hosts under way at a time, at most`,
      bubble(async () => {
        const web = threeHosts(() => 5000)
        await crawlWeb(web, frontierOf(web, 'http://a/', 'http://b/', 'http://c/'), { jobs, pauseMs: 1 })
        expect(web.most).toBe(jobs)
      }),
    )
  }

  test(
    'a host that is slow holds up no other',
    bubble(async (t) => {
      const web = threeHosts((url) => (url.startsWith('http://a/') ? 60_000 : 100))
      await crawlWeb(web, frontierOf(web, 'http://a/', 'http://b/', 'http://c/'), { pauseMs: 100 })
      const others = web.requests.filter(({ url }) => !url.includes('a'))
      expect(Math.max(...others.map(({ end }) => end)) - Math.min(...others.map(({ start }) => start))).toBeLessThan(
        3000,
      )
      expect(t.now()).toBeGreaterThan(240_000)
    }),
  )

  test(
    'a page that fails comes again after the others, three times in all, and no sooner than it says',
    bubble(async (t) => {
      const web = new Web({ 'http://a/': [] })
      const visits: string[] = []
      const times: number[] = []
      await crawlWeb(web, frontierOf(web, 'http://a/bad', 'http://a/1', 'http://a/2'), {
        visit: async (url) => {
          visits.push(url.slice(9))
          if (!url.endsWith('bad')) return { kind: 'visited', status: 200, links: [] }
          times.push(t.now())
          return { kind: 'failed', reason: 'status 503', retryAfterMs: 7000 }
        },
      })
      expect(visits).toEqual(['bad', '1', '2', 'bad', 'bad'])
      expect(times.map((time) => time - times[0]!)).toEqual([0, 9000, 16_000])
    }),
  )

  test(
    'what a site does not allow is skipped, without a pause',
    bubble(async (t) => {
      const web = new Web({ 'http://a/': ['http://a/private/1', 'http://a/private/2'] })
      const reports = await crawlWeb(web, frontierOf(web, 'http://a/'))
      expect(web.visited()).toEqual(['http://a/'])
      expect(reports.map(([, { kind }]) => kind)).toEqual(['visited', 'skipped', 'skipped'])
      expect(t.now()).toBe(1200)
    }),
  )

  test(
    'a mistake in a visit ends it all, and is thrown',
    bubble(async () => {
      const web = threeHosts()
      const visit = async (): Promise<Visit> => {
        throw new RangeError('a mistake')
      }
      await expect(crawlWeb(web, frontierOf(web, 'http://a/', 'http://b/'), { visit })).rejects.toThrow('a mistake')
    }),
  )
})

describe('a crawl that is stopped', () => {
  test(
    'finishes what is under way, begins nothing, and says why it ended',
    bubble(async (t) => {
      const web = threeHosts(() => 500)
      const frontier = frontierOf(web, 'http://a/', 'http://b/')
      using stop = withCancel(background())
      const crawling = crawlWeb(web, frontier, { stop })
      crawling.catch(() => {})
      await sleep(1600)
      stop.cancel()
      await expect(crawling).rejects.toThrow(ContextCanceledError)
      expect(t.now()).toBe(2000)
      expect(web.visited().sort()).toEqual(['http://a/', 'http://b/'])
      expect(frontier.done).toBe(2)
      expect(frontier.waiting.map(({ url }) => url)).toContain('http://c/')
    }),
  )

  test(
    'at any time, and goes on, visits every page once',
    bubble(async () => {
      for (let afterMs = 1; ; afterMs += 149) {
        const web = threeHosts((url) => 100 + url.length * 10)
        const first = frontierOf(web, 'http://a/')
        using stop = withTimeout(background(), afterMs)
        const isDone = await crawlWeb(web, first, { stop }).then(
          () => true,
          () => false,
        )
        const saved = JSON.parse(JSON.stringify(first))
        const second = new Frontier(limitsOf(web), saved)
        second.add('http://a/', 0)
        await crawlWeb(web, second)
        expect(web.visited().sort(), `stopped after ${afterMs} ms`).toEqual(pagesOfThree)
        if (isDone) return
      }
    }),
  )
})
