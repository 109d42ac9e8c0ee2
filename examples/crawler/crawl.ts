// One goroutine per host, so that what a host may ask for is a matter of one loop: a page at a time, and a pause after each. All
// hosts share a semaphore. What has begun is never cancelled: when `stop` ends, nothing new begins.

import { after, type Chan, type Context, chan, Group, Semaphore, WaitGroup } from 'warren'
import { orDone } from 'warren/pipeline'
import type { Frontier, Page, Visit } from './frontier.ts'

/** A host that has been asked what it allows. */
export interface Site {
  readonly pauseMs: number
  allows(url: string): boolean
  visit(url: string): Promise<Visit>
}

export interface Crawling {
  /** How many requests are under way at a time, at most, all hosts together. */
  readonly jobs: number
  openSite(origin: string): Promise<Site>
  report(page: Page, visit: Visit): void
}

/** Visits all that waits in the frontier, and what is found there. */
export async function crawl(frontier: Frontier, { jobs, openSite, report }: Crawling, stop: Context): Promise<void> {
  const slots = new Semaphore(jobs)
  const queues = new Map<string, Chan<Page>>()
  const hosts = new Group(stop)
  const unfinished = new WaitGroup()

  function enqueue(page: Page): void {
    unfinished.add(1)
    queueOf(new URL(page.url).origin).trySend(page)
  }

  function queueOf(origin: string): Chan<Page> {
    let queue = queues.get(origin)
    if (queue === undefined) {
      // No limit: the frontier has all the pages in any case.
      const pages = chan<Page>(Number.MAX_SAFE_INTEGER)
      hosts.tryGo((stop) => visitHost(origin, pages, stop))
      queues.set(origin, pages)
      queue = pages
    }
    return queue
  }

  async function visitHost(origin: string, pages: Chan<Page>, stop: Context): Promise<void> {
    const site = await inSlot(() => openSite(origin), stop)
    let rested = after(site.pauseMs)
    for await (const page of orDone(pages, stop)) {
      if (!site.allows(page.url)) {
        finish(page, { kind: 'skipped' })
        continue
      }
      await rested.receive(stop)
      const visit = await inSlot(() => site.visit(page.url), stop)
      rested = after(visit.kind === 'failed' ? Math.max(site.pauseMs, visit.retryAfterMs) : site.pauseMs)
      finish(page, visit)
    }
  }

  async function inSlot<T>(work: () => Promise<T>, stop: Context): Promise<T> {
    using _ = await slots.acquire(stop)
    return await work()
  }

  function finish(page: Page, visit: Visit): void {
    report(page, visit)
    frontier.finish(page, visit).forEach(enqueue)
    unfinished.done()
  }

  frontier.waiting.forEach(enqueue)
  try {
    await unfinished.wait(hosts.ctx)
    for (const queue of queues.values()) queue.close()
  } finally {
    await hosts.wait()
  }
}
