// Sockets and servers in bubbles: time stands still for what comes from outside, and not for idle connections.
import { once } from 'node:events'
import { createServer as createHttpServer, get, type Server } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chan, go, sleep } from 'warren'
import { bubble } from 'warren/testing'
import { reasonOf } from './failures.ts'
import { whileOthersSleep } from './others.ts'

/** Taken before any bubble: it stays real, for ever. */
const realSetTimeout = setTimeout

describe('a connection', () => {
  let server: Server
  let url: string

  beforeAll(async () => {
    server = createHttpServer((request, response) => {
      realSetTimeout(() => response.end(`answer to ${request.url}`), 20)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test(
    'to a server outside holds time up until the answer has come, and not while it is idle',
    bubble((t) =>
      whileOthersSleep(t, async () => {
        expect(await (await fetch(`${url}/a`)).text()).toBe('answer to /a')
        const [response] = await once(get(`${url}/b`), 'response')
        expect(String((await response.toArray())[0])).toBe('answer to /b')
      }).then(async () => {
        await sleep(3_600_000)
        expect(await (await fetch(`${url}/c`)).text()).toBe('answer to /c')
        expect(t.now()).toBe(3_600_001)
      }),
    ),
  )

  test(
    'is aborted at a virtual deadline only when it could not answer in no time',
    bubble(async (t) => {
      const response = await fetch(`${url}/a`, { signal: AbortSignal.timeout(1) })
      expect(await response.text()).toBe('answer to /a')
      const signal = AbortSignal.timeout(10)
      await sleep(20)
      expect(await reasonOf(fetch(url, { signal }))).toMatchObject({ name: 'TimeoutError' })
      expect(t.now()).toBe(20)
    }),
  )

  test(
    'to a server of the same bubble lets time pass while both ends wait for it, and none while data is on its way',
    bubble(async (t) => {
      const own = createHttpServer(async (request, response) => {
        await sleep(1000)
        response.write('slow ')
        await new Promise((resolve) => setTimeout(resolve, 1000))
        response.end(request.url)
      })
      own.listen(0)
      await once(own, 'listening')
      const { port } = own.address() as AddressInfo
      expect(t.now()).toBe(0)
      for (const path of ['/a', '/b']) {
        expect(await (await fetch(`http://localhost:${port}${path}`)).text()).toBe(`slow ${path}`)
      }
      expect(t.now()).toBe(4000)
      own.closeAllConnections()
      own.close()
    }),
  )

  test(
    'between sockets of the bubble may stay open: it is idle, and time passes',
    bubble(async (t) => {
      const accepted = chan<Socket>(1)
      const own = createServer((socket) => accepted.trySend(socket)).listen(0, '127.0.0.1')
      await once(own, 'listening')
      const client = connect((own.address() as AddressInfo).port, '127.0.0.1')
      await once(client, 'connect')
      const peer = (await accepted.receive())!
      go(async () => {
        for await (const chunk of peer) peer.write(`${chunk}!`)
        peer.end()
      })
      client.setEncoding('utf8')
      for (let i = 0; i < 5; i++) {
        await sleep(1000)
        client.write(`${i}`)
        expect(await once(client, 'data')).toEqual([`${i}!`])
      }
      expect(t.now()).toBe(5000)
      client.end()
      await once(client, 'close')
      own.close()
    }),
  )

  test(
    'that an earlier bubble has left idle holds time up while it is used again',
    bubble(async (t) => {
      for (const path of ['/a', '/b']) {
        const signal = AbortSignal.timeout(1)
        expect(await (await fetch(url + path, { signal })).text()).toBe(`answer to ${path}`)
        expect(t.now()).toBe(0)
      }
    }),
  )

  test('of a bubble that ends with sockets and servers open does no harm', async () => {
    let own!: ReturnType<typeof createServer>
    await bubble(async () => {
      own = createServer(() => {}).listen(0)
      await once(own, 'listening')
      await sleep(1000)
    })()
    own.close()
  })
})
