// A service on loopback that has a quota, keeps to it, and has its bad days.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Quota {
  readonly perSecond: number
  readonly perMinute: number
}

export interface Copy {
  readonly key: string | undefined
  readonly body: string
}

export class ApiService implements AsyncDisposable {
  readonly url: string
  /** When requests came that it took. */
  readonly taken: number[] = []
  refused = 0
  /** How often each path was asked for. */
  readonly asked = new Map<string, number>()
  readonly copies: Copy[] = []
  /** Answers that were given up before they came. */
  givenUp = 0
  readonly #server: Server
  readonly #quota: Quota
  readonly #items: number

  static async listen(items: number, quota: Quota): Promise<ApiService> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ApiService(server, items, quota)
  }

  private constructor(server: Server, items: number, quota: Quota) {
    this.#server = server
    this.#items = items
    this.#quota = quota
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => {
      if (this.#takes()) void this.#answer(request, response)
      else {
        this.refused++
        response.writeHead(429, { 'retry-after': '1' }).end()
      }
    })
  }

  #takes(): boolean {
    const now = performance.now()
    const within = (ms: number): number => this.taken.filter((at) => at > now - ms).length
    if (within(1000) >= this.#quota.perSecond || within(60_000) >= this.#quota.perMinute) return false
    this.taken.push(now)
    return true
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url)
    const times = (this.asked.get(pathname) ?? 0) + 1
    this.asked.set(pathname, times)
    const json = (value: unknown): void => void response.end(JSON.stringify(value))
    if (pathname === '/items') return json(Array.from({ length: this.#items }, (_, i) => i + 1))
    if (pathname === '/copies') return await this.#copy(request, response, times)
    if (pathname === '/events') return this.#stream(response, Number(searchParams.get('after')))
    const n = Number(pathname.replace('/items/', ''))
    if (!(n >= 1 && n <= this.#items)) return void response.writeHead(404).end()
    // The first answer to every tenth never comes; that to every seventh is an apology, and every eleventh is cut off.
    if (times === 1 && n % 10 === 0) return void response.on('close', () => this.givenUp++)
    if (times === 1 && n % 7 === 0) return void response.writeHead(503, { 'retry-after': '0.1' }).end()
    if (times === 1 && n % 11 === 0) {
      response.writeHead(200, { 'content-length': '100' }).write('{')
      return void setImmediate(() => response.socket?.resetAndDestroy())
    }
    return json({ n })
  }

  /** It has heard, but its first answer is lost on the way. */
  async #copy(request: IncomingMessage, response: ServerResponse, times: number): Promise<void> {
    this.copies.push({ key: request.headers['idempotency-key'] as string | undefined, body: await text(request) })
    if (times === 1) response.socket?.resetAndDestroy()
    else response.end('{}')
  }

  /** Three new events, after two that are not; then the connection stays, and nothing comes any more. */
  #stream(response: ServerResponse, after: number): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    for (let id = Math.max(1, after - 1); id <= after + 3; id++) response.write(`{"id":${id},"text":"event ${id}"}\n\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}
