// A host on loopback for the crawler: it keeps a record of who asked for what, when, and how many at a time.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Request {
  readonly url: string
  readonly userAgent: string | undefined
  readonly startMs: number
  readonly endMs: number
}

/** What a page does when it is asked for; a list is a page with these links. */
export type Page = readonly string[] | ((response: Answering) => void)

/** Requests that are under way, of all the hosts that share it. */
export class Traffic {
  underWay = 0
  most = 0
}

/** The answer to one request. It counts as under way until one of these is called. */
class Answering {
  readonly #response: ServerResponse
  readonly #over: () => void

  constructor(response: ServerResponse, over: () => void) {
    this.#response = response
    this.#over = over
  }

  links(...links: readonly string[]): void {
    this.#head(200, { 'content-type': 'text/html; charset=utf-8' })
    this.#response.end(`<html>${links.map((link) => `<p><a class=x href="${link}">a link</a>`).join('\n')}</html>`)
  }

  text(text: string, type = 'text/plain'): void {
    this.#head(200, { 'content-type': type })
    this.#response.end(text)
  }

  status(status: number, headers: Record<string, string> = {}): void {
    this.#head(status, headers)
    this.#response.end()
  }

  reset(): void {
    this.#over()
    this.#response.socket?.resetAndDestroy()
  }

  #head(status: number, headers: Record<string, string>): void {
    this.#over()
    this.#response.writeHead(status, headers)
  }
}

export class Host implements AsyncDisposable {
  readonly origin: string
  readonly requests: Request[] = []
  readonly #server: Server
  readonly #arrivals = new Map<string, () => void>()

  static async listen(pages: (path: string, host: Host) => Page | undefined, traffic = new Traffic()): Promise<Host> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Host(server, pages, traffic)
  }

  private constructor(server: Server, pages: (path: string, host: Host) => Page | undefined, traffic: Traffic) {
    this.#server = server
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const startMs = performance.now()
      const url = request.url!
      traffic.most = Math.max(traffic.most, ++traffic.underWay)
      const answering = new Answering(response, () => {
        traffic.underWay--
        const userAgent = request.headers['user-agent']
        this.requests.push({ url: this.origin + url, userAgent, startMs, endMs: performance.now() })
      })
      const page = pages(url, this)
      if (page === undefined) answering.status(404)
      else if (typeof page === 'function') page(answering)
      else answering.links(...page)
      this.#arrivals.get(url)?.()
    })
  }

  /** Resolves when somebody has asked for that. */
  asked(path: string): Promise<void> {
    return new Promise((resolve) => this.#arrivals.set(path, resolve))
  }

  /** The addresses asked for, in the order of the answers, without robots.txt. */
  get visited(): string[] {
    return this.requests.map(({ url }) => url).filter((url) => !url.endsWith('/robots.txt'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}
