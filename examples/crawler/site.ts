// One host over HTTP. Whatever a server does is a value; only a mistake of ours is thrown.

import { background, ContextError, withTimeout } from 'warren'
import { retryAfter } from 'warren/resilience'
import type { Site } from './crawl.ts'
import type { Visit } from './frontier.ts'
import { absolute, linksOf } from './links.ts'
import { allowsAll, allowsNothing, parseRobots, type Robots } from './robots.ts'

export interface Manners {
  /** The name that robots.txt may have rules for, and the whole of what is sent. */
  readonly agent: string
  readonly userAgent: string
  /** At least so long between two requests; what robots.txt asks for counts if it is longer. */
  readonly pauseMs: number
  readonly timeoutMs: number
}

const longestPauseMs = 60_000
const maxPageBytes = 5_000_000

export async function openSite(origin: string, manners: Manners): Promise<Site> {
  const robots = await readRobots(origin, manners)
  return {
    pauseMs: Math.min(Math.max(manners.pauseMs, robots.delayMs), longestPauseMs),
    allows: (url) => robots.allows(url.slice(origin.length)),
    visit: (url) => visit(url, manners),
  }
}

/** What is not there forbids nothing; a server that is in trouble is to be left alone. */
async function readRobots(origin: string, manners: Manners): Promise<Robots> {
  const answer = await get(`${origin}/robots.txt`, manners, 'follow')
  if ('error' in answer || answer.response.status >= 500) return allowsNothing
  return answer.response.ok ? parseRobots(answer.text, manners.agent) : allowsAll
}

async function visit(url: string, manners: Manners): Promise<Visit> {
  const answer = await get(url, manners, 'manual')
  if ('error' in answer) return { kind: 'failed', reason: answer.error, retryAfterMs: 0 }
  const { response, text } = answer
  const { status, headers } = response
  if (status === 429 || status >= 500) {
    return {
      kind: 'failed',
      reason: `status ${status}`,
      retryAfterMs: Math.min(retryAfter(response) ?? 0, longestPauseMs),
    }
  }
  const target = status >= 300 && status < 400 ? headers.get('location') : null
  return { kind: 'visited', status, links: target === null ? linksOf(text, url) : absolute([target], url) }
}

type Answer = { readonly response: Response; readonly text: string } | { readonly error: string }

async function get(url: string, { userAgent, timeoutMs }: Manners, redirect: 'follow' | 'manual'): Promise<Answer> {
  using ctx = withTimeout(background(), timeoutMs)
  try {
    const response = await fetch(url, { redirect, signal: ctx.signal, headers: { 'user-agent': userAgent } })
    return { response, text: await textOf(response) }
  } catch (error) {
    // What fetch throws for anything that happens on the network.
    if (error instanceof TypeError) return { error: (error.cause as Error | undefined)?.message ?? error.message }
    if (error instanceof ContextError) return { error: `no answer within ${timeoutMs} ms` }
    throw error
  }
}

/** The beginning of a text; of anything else there are no links to be had. */
async function textOf(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? ''
  if (response.body === null) return ''
  if (!response.ok || !type.startsWith('text/')) {
    await response.body.cancel()
    return ''
  }
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxPageBytes) break
  }
  return text
}
