import { readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Frontier, type Limits, StateError } from '../../examples/crawler/frontier.ts'
import { linksOf } from '../../examples/crawler/links.ts'
import { help, parseOptions, UsageError } from '../../examples/crawler/options.ts'
import { parseRobots } from '../../examples/crawler/robots.ts'
import { Scratch } from './digest-program.ts'

describe('the options of the crawler', () => {
  test('have defaults', () => {
    expect(parseOptions(['http://host/'])).toEqual({
      urls: ['http://host/'],
      state: 'crawl.json',
      jobs: 8,
      delayMs: 1000,
      depth: 16,
      timeoutMs: 10_000,
    })
  })

  const wrong: Record<string, [args: string[], message: string]> = {
    'no address': [[], 'a URL is needed'],
    'an address of something else': [['ftp://host/'], 'not a URL of a web page: "ftp://host/"'],
    'half a job': [['http://host/', '--jobs', '0.5'], '--jobs must be a whole number of at least 1, not "0.5"'],
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
    for (const word of ['--state', '--jobs', '--delay', '--depth', '--timeout', 'Exit status']) {
      expect(help).toContain(word)
    }
  })
})

describe('robots.txt', () => {
  const text = `
    User-agent: *
    Disallow: /private # for nobody
    Allow: /private/but-this$
    Disallow: /*.pdf
    Crawl-delay: 2

    User-agent: Other
    User-agent: Crawler
    Disallow:
    Disallow: /a/b
    Allow: /a/b
  `
  test('forbids what its longest rule forbids', () => {
    const { allows, delayMs } = parseRobots(text, 'nobody')
    expect(delayMs).toBe(2000)
    const forbidden = ['/private', '/privately', '/private/but-this/one', '/x/y.pdf?z', '/'].filter(
      (path) => !allows(path),
    )
    expect(forbidden).toEqual(['/private', '/privately', '/private/but-this/one', '/x/y.pdf?z'])
    expect(allows('/private/but-this')).toBe(true)
  })

  test('has rules for some by name, and then no others hold for them', () => {
    const { allows, delayMs } = parseRobots(text, 'crawler')
    expect([allows('/private'), allows('/a/b'), delayMs]).toEqual([true, true, 0])
  })

  test('allows everything when it says nothing', () => {
    expect(parseRobots('<html>not found</html>', 'crawler').allows('/')).toBe(true)
  })
})

describe('links', () => {
  test('are found in all the ways to write them, once each, and made absolute', () => {
    const html = `<A HREF="/a?b=1&amp;c=2">, <a class='x' href='b'>, <a\nhref=c>, <a href="//other/d">, <a href="/a?b=1&c=2">
      <a name="e">, <link href="f">, <a href="mailto:g@h">, <a href="http://[">, <a href="javascript:void 0">`
    expect(linksOf(html, 'http://host/dir/page')).toEqual([
      'http://host/a?b=1&c=2',
      'http://host/dir/b',
      'http://host/dir/c',
      'http://other/d',
    ])
  })
})

describe('the frontier', () => {
  const limits: Limits = { origins: new Set(['http://a', 'http://b']), maxDepth: 2, maxTries: 2 }

  test('takes an address once, whatever fragment it has', () => {
    const frontier = new Frontier(limits)
    const urls = ['http://a', 'http://a/', 'http://a/#top', 'http://a/?', 'http://a/?q', 'http://b/', 'http://c/']
    expect(urls.map((url) => frontier.add(url, 0)?.url)).toEqual([
      'http://a/',
      undefined,
      undefined,
      undefined,
      'http://a/?q',
      'http://b/',
      undefined,
    ])
  })

  test('goes no deeper than told', () => {
    const frontier = new Frontier(limits)
    const visit = (...links: string[]) => ({ kind: 'visited', status: 200, links }) as const
    const [second] = frontier.finish(frontier.add('http://a/', 1)!, visit('http://a/2'))
    expect(second).toEqual({ url: 'http://a/2', depth: 2, tries: 0 })
    expect(frontier.finish(second!, visit('http://a/3', 'http://a/'))).toEqual([])
    expect([frontier.waiting, frontier.done]).toEqual([[], 2])
  })

  test('has what fails wait again, until there were enough tries', () => {
    const frontier = new Frontier(limits)
    const failed = { kind: 'failed', reason: 'status 500', retryAfterMs: 0 } as const
    const again = frontier.finish(frontier.add('http://a/', 0)!, failed)
    expect(again).toEqual([{ url: 'http://a/', depth: 0, tries: 1 }])
    expect(frontier.waiting).toEqual(again)
    expect(frontier.finish(again[0]!, failed)).toEqual([])
    expect([frontier.waiting, frontier.done]).toEqual([[], 1])
  })

  test('is what it was when it is saved and loaded, and leaves no other file', async () => {
    using scratch = new Scratch()
    const path = scratch.join('state.json')
    const frontier = await Frontier.load(path, limits)
    frontier.finish(frontier.add('http://a/', 0)!, { kind: 'visited', status: 200, links: ['http://b/', 'http://a/1'] })
    await frontier.save(path)
    const loaded = await Frontier.load(path, limits)
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(frontier))
    expect(loaded.add('http://a/', 0)).toBeUndefined()
    expect(readdirSync(scratch.path)).toEqual(['state.json'])
  })

  test('is not read from a file that is something else', async () => {
    using scratch = new Scratch()
    for (const text of ['', '{}', '[]', 'null', '{"waiting":1,"done":[]}']) {
      writeFileSync(scratch.join('state'), text)
      await expect(Frontier.load(scratch.join('state'), limits), text).rejects.toThrow(StateError)
    }
  })
})
