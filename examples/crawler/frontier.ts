// What is known of the web: the pages that wait, and the addresses of those that are done. It can be saved at any time, and
// read again: what was under way then still waits.

import { open, readFile, rename } from 'node:fs/promises'

export interface Page {
  readonly url: string
  /** Links from a start page. */
  readonly depth: number
  readonly tries: number
}

/** What became of a visit. A redirection is a page whose one link is its target: loops then end as all others do. */
export type Visit =
  | { readonly kind: 'visited'; readonly status: number; readonly links: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number }
  | { readonly kind: 'skipped' }

export interface Limits {
  readonly origins: ReadonlySet<string>
  /** Against pages that always have one more link, as calendars do. */
  readonly maxDepth: number
  readonly maxTries: number
}

interface Saved {
  readonly waiting: readonly Page[]
  readonly done: readonly string[]
}

export class Frontier {
  readonly #limits: Limits
  readonly #waiting = new Map<string, Page>()
  readonly #done = new Set<string>()

  constructor(limits: Limits, { waiting, done }: Saved = { waiting: [], done: [] }) {
    this.#limits = limits
    for (const page of waiting) this.#waiting.set(page.url, page)
    for (const url of done) this.#done.add(url)
  }

  /** As it was saved; a new one when there is no such file. */
  static async load(path: string, limits: Limits): Promise<Frontier> {
    try {
      return new Frontier(limits, parse(await readFile(path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Frontier(limits)
      throw error
    }
  }

  /** In the order in which they were found. */
  get waiting(): readonly Page[] {
    return [...this.#waiting.values()]
  }

  get done(): number {
    return this.#done.size
  }

  /** The page to visit, if there is anything new at that address. */
  add(address: string, depth: number): Page | undefined {
    const { origins, maxDepth } = this.#limits
    const { origin, href } = asAsked(address)
    if (!origins.has(origin) || depth > maxDepth || this.#waiting.has(href) || this.#done.has(href)) return undefined
    const page = { url: href, depth, tries: 0 }
    this.#waiting.set(href, page)
    return page
  }

  /** Notes what became of a page, and returns what there is to visit now. */
  finish(page: Page, visit: Visit): Page[] {
    this.#waiting.delete(page.url)
    const again = { ...page, tries: page.tries + 1 }
    if (visit.kind === 'failed' && again.tries < this.#limits.maxTries) {
      this.#waiting.set(again.url, again)
      return [again]
    }
    this.#done.add(page.url)
    if (visit.kind !== 'visited') return []
    return visit.links.map((link) => this.add(link, page.depth + 1)).filter((found) => found !== undefined)
  }

  toJSON(): Saved {
    return { waiting: this.waiting, done: [...this.#done] }
  }

  /** Replaces the file in one step: whatever happens, it holds one state or the other. */
  async save(path: string): Promise<void> {
    const file = await open(`${path}.new`, 'w')
    try {
      await file.writeFile(JSON.stringify(this))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
  }
}

/** The file is not what `save` writes: better left alone. */
export class StateError extends Error {}

function parse(text: string): Saved {
  try {
    const { waiting, done } = JSON.parse(text)
    if (Array.isArray(waiting) && Array.isArray(done)) return { waiting, done }
  } catch {}
  throw new StateError('it is not the state of a crawl')
}

/** What a server is asked for: no fragment, and no question mark without a question. */
function asAsked(address: string): URL {
  const url = new URL(address)
  url.hash = ''
  if (url.search === '') url.search = ''
  return url
}
