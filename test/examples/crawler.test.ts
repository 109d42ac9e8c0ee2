import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Project, Running } from '../support/program.ts'
import { Host, type Page, Traffic } from './crawler-host.ts'
import { exampleProject } from './example-project.ts'

const crawler = (project: Project, ...args: readonly string[]): Running => project.warren(['run', 'main.ts', ...args])

/** What the program says of its pages: status and path, sorted. */
const linesOf = (stdout: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/http:\/\/127\.0\.0\.1:\d+/, ''))
    .sort()

const stateIn = (project: Project): { waiting: { url: string }[]; done: string[] } =>
  JSON.parse(readFileSync(join(project.path, 'crawl.json'), 'utf8'))

/** A site where everything goes wrong once. */
function troubledSite(path: string, host: Host): Page | undefined {
  const site: Record<string, Page> = {
    '/': [
      '/self',
      '/loop/1',
      '/moved',
      '/calendar/1',
      '/error',
      '/reset',
      '/missing',
      '/picture',
      '/tag&amp;1',
      '/private/1',
    ],
    '/self': ['/self', 'self', './self#here', '?', '//self/elsewhere', 'mailto:somebody@self', 'http://[', ''],
    '/target': ['/', '/target'],
    '/after-error': [],
    '/tag&1': ['https://example.invalid/'],
  }
  return site[path] ?? troubles(path, host)
}

function troubles(path: string, { requests, origin }: Host): Page | undefined {
  const times = requests.filter(({ url }) => url === origin + path).length
  if (path === '/error') return times < 1 ? (answer) => answer.status(500) : ['/after-error']
  if (path === '/reset') return (answer) => answer.reset()
  if (path === '/picture') return (answer) => answer.text('<a href="/in-picture">', 'image/svg+xml')
  if (path === '/moved') return (answer) => answer.status(302, { location: 'target' })
  const [, loop, n] = /^\/(loop|calendar)\/(\d+)$/.exec(path) ?? []
  if (loop === 'loop') return (answer) => answer.status(301, { location: `/loop/${3 - Number(n)}` })
  return loop === 'calendar' ? [`/calendar/${Number(n) + 1}`, '/calendar/1'] : undefined
}

const robots =
  (text: string): Page =>
  (answer) =>
    answer.text(text)

describe('the crawler', () => {
  test('visits each page of a troubled site once, tries what fails three times, and ends', async () => {
    await using host = await Host.listen((path, host) =>
      path === '/robots.txt' ? robots('User-agent: *\nDisallow: /private') : troubledSite(path, host),
    )
    using project = exampleProject('crawler')
    const { code, stdout, stderr } = await crawler(project, host.origin, '--delay', '0', '--depth', '5').ended
    expect(code, stderr).toBe(0)
    const calendar = [1, 2, 3, 4, 5].map((n) => `/calendar/${n}`)
    const once = ['/', '/self', '/loop/1', '/loop/2', '/moved', '/target', ...calendar, '/after-error']
    const odd = ['/missing', '/picture', '/tag&1']
    const visits = [...once, ...odd, '/error', '/error', '/reset', '/reset', '/reset']
    expect(host.visited.sort()).toEqual(visits.map((path) => host.origin + path).sort())
    expect(linesOf(stdout)).toContain('404 /missing 0')
    expect(linesOf(stdout)).toContain('301 /loop/1 1')
    expect(linesOf(stdout)).toContain('200 /calendar/5 2')
    expect(stderr).toContain('/error: status 500\n')
    expect(stderr.match(/\/reset: /g)).toHaveLength(3)
    expect(stateIn(project).waiting).toEqual([])
  })

  test('keeps the limits that it is given, and the pause that robots.txt asks for', async () => {
    const traffic = new Traffic()
    const waiting: (() => void)[] = []
    const hosts: Host[] = []
    // Two answer only together: then two are under way at that time.
    const inPairs: Page = (answer) => {
      waiting.push(() => answer.links(...hosts.flatMap(({ origin }) => [1, 2].map((n) => `${origin}/${n}`))))
      if (waiting.length === 2) for (const go of waiting.splice(0)) go()
    }
    const pageOf = (path: string): Page =>
      path === '/robots.txt' ? robots('User-agent: *\nCrawl-delay: 0.1') : path === '/' ? inPairs : []
    for (let i = 0; i < 4; i++) hosts.push(await Host.listen(pageOf, traffic))
    await using _ = {
      [Symbol.asyncDispose]: async () => void (await Promise.all(hosts.map((h) => h[Symbol.asyncDispose]()))),
    }
    using project = exampleProject('crawler')
    const origins = hosts.map(({ origin }) => origin)
    const { code, stderr } = await crawler(project, ...origins, '--delay', '50', '--jobs', '2').ended
    expect(code, stderr).toBe(0)
    expect(traffic.most).toBe(2)
    for (const { requests, visited, origin } of hosts) {
      expect(visited.sort()).toEqual(['/', '/1', '/2'].map((path) => origin + path))
      const gaps = requests.slice(1).map(({ startMs }, i) => startMs - requests[i]!.endMs)
      // A timer may be a millisecond early.
      expect(Math.min(...gaps)).toBeGreaterThan(98)
      expect(new Set(requests.map(({ userAgent }) => userAgent))).toEqual(new Set(['warren-example-crawler/1.0']))
    }
  })

  test('does not wait for ever for an answer', async () => {
    await using host = await Host.listen((path) =>
      path === '/' ? ['/silent', '/1'] : path === '/1' ? [] : path === '/silent' ? () => {} : undefined,
    )
    using project = exampleProject('crawler')
    const { code, stderr } = await crawler(project, host.origin, '--delay', '0', '--timeout', '1500').ended
    expect(code).toBe(0)
    expect(stderr.match(/\/silent: no answer within 1500 ms/g)).toHaveLength(3)
    expect(stderr).toContain('3 pages done, 0 to go')
  })
})

describe('a crawler that is interrupted', () => {
  const stops = ['/4', '/11']
  const pages = Array.from({ length: 16 }, (_, n) => (n === 0 ? '/' : `/${n}`))

  test('finishes what is under way, saves, and goes on from there', async () => {
    let held: (() => void) | undefined
    await using host = await Host.listen((path) => {
      if (path === '/robots.txt') return undefined
      const n = Number(path.slice(1))
      const links = [2 * n + 1, 2 * n + 2].filter((link) => link < pages.length).map((link) => `/${link}`)
      if (!stops.includes(path)) return links
      return (answer) => {
        held = () => answer.links(...links)
      }
    })
    using project = exampleProject('crawler')
    const printed: string[] = []
    for (const stop of stops) {
      const asked = host.asked(stop)
      const running = crawler(project, host.origin, '--delay', '0')
      await asked
      running.kill('SIGINT')
      await running.complained('stopping')
      held!()
      const { code, stdout, stderr } = await running.ended
      expect(code, stderr).toBe(130)
      printed.push(...linesOf(stdout))
      const { waiting, done } = stateIn(project)
      expect(done).toContain(host.origin + stop)
      expect(waiting).not.toEqual([])
      expect(done.sort()).toEqual([...host.visited].sort())
    }
    const { code, stdout } = await crawler(project, host.origin, '--delay', '0').ended
    printed.push(...linesOf(stdout))
    expect(code).toBe(0)
    expect(host.visited.sort()).toEqual(pages.map((path) => host.origin + path).sort())
    expect(printed.map((line) => line.split(' ')[1]).sort()).toEqual([...pages].sort())

    const nothing = await crawler(project, host.origin).ended
    expect(nothing).toMatchObject({ code: 0, stdout: '' })
    expect(nothing.stderr).toContain('16 pages done, 0 to go')
  })
})

describe('what cannot work', () => {
  const cases: Record<string, [args: string[], code: number, stderr: string]> = {
    'no address': [[], 2, 'a URL is needed'],
    'a state in a folder that is not there': [['http://127.0.0.1:1/', '--state', 'no/where'], 1, 'no/where'],
    'a state that is something else': [['http://127.0.0.1:1/', '--state', 'main.ts'], 1, 'not the state of a crawl'],
  }
  for (const [title, [args, code, message]] of Object.entries(cases)) {
    test(`${title} is status ${code}, and said`, async () => {
      using project = exampleProject('crawler')
      const ended = await crawler(project, ...args).ended
      expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
    })
  }
})
