// What a bubble awaits from outside: real input and output hold time up, until they come.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { pbkdf2, pbkdf2Sync, randomBytes, randomUUID, scrypt } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { EventEmitter, once } from 'node:events'
import { createReadStream, openAsBlob, readFileSync, watch } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { createGunzip, createGzip, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { chan, go, select, sleep, wait } from 'warren'
import { bubble } from 'warren/testing'
import { reasonOf } from './failures.ts'
import { whileOthersSleep } from './others.ts'

const here = fileURLToPath(import.meta.url)
/** Taken before any bubble: it stays real, for ever. */
const realSetTimeout = setTimeout

async function temporary(fn: (directory: string) => Promise<unknown>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'warren-bubble-'))
  try {
    await fn(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

const text = 'line\n'.repeat(100_000)

const work: Record<string, () => PromiseLike<unknown>> = {
  'a file that is read': () => readFile(here, 'utf8'),
  'files that are written, read and removed': () =>
    temporary(async (directory) => {
      const path = join(directory, 'file')
      await writeFile(path, text)
      expect(await readFile(path, 'utf8')).toBe(text)
      await stat(path)
    }),
  'a stream of a file, line by line': async () => {
    let lines = 0
    for await (const _ of createInterface({ input: createReadStream(here) })) lines++
    expect(lines).toBeGreaterThan(10)
  },
  'a pipeline of streams': () =>
    temporary((directory) =>
      pipeline(Readable.from([text]), createGzip(), createGunzip(), new PassThrough(), async (source) => {
        let length = 0
        for await (const chunk of source) length += (chunk as Buffer).length
        expect([length, directory.length > 0]).toEqual([text.length, true])
      }),
    ),
  compression: async () => {
    const packed = await promisify(gzip)(randomBytes(3_000_000))
    expect(await promisify(gunzip)(packed)).toHaveLength(3_000_000)
  },
  cryptography: async () => {
    await promisify(pbkdf2)('password', 'salt', 20_000, 64, 'sha512')
    await promisify(scrypt)('password', 'salt', 64)
    await promisify(randomBytes)(64)
  },
  'web cryptography': async () => {
    await crypto.subtle.digest('SHA-256', new Uint8Array(30_000_000))
    await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt'])
  },
  'a look-up of a name': () => lookup('localhost'),
  'a child process': async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', 'setTimeout(() => console.log("hi"), 50)'])
    expect(stdout).toBe('hi\n')
  },
  'a child process that is talked to': async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'])
    child.stdin.end('hello')
    const [chunks] = await Promise.all([child.stdout.toArray(), once(child, 'close')])
    expect(String(chunks[0])).toBe('hello')
  },
  'a worker thread': async () => {
    const worker = new Worker(
      'require("worker_threads").parentPort.once("message", (m, p) => setTimeout(() => {}, 20))',
      {
        eval: true,
      },
    )
    worker.postMessage('go')
    await once(worker, 'exit')
  },
  'a timer that was taken before the bubble began': () => new Promise((resolve) => realSetTimeout(resolve, 20)),
}

describe('time stands still for', () => {
  test.each(Object.keys(work))('%s', (name) => bubble((t) => whileOthersSleep(t, work[name]!))())

  test(
    'a promise that a generator goroutine waits for',
    bubble(function* (t) {
      const sleeper = go(() => sleep(1000))
      yield* wait(readFile(here))
      expect(t.now()).toBe(0)
      yield* sleeper.join()
    }),
  )
})

test(
  'what is done synchronously holds nothing up',
  bubble(async (t) => {
    expect(randomBytes(10)).toHaveLength(10)
    expect([randomUUID(), crypto.randomUUID()]).toHaveLength(2)
    pbkdf2Sync('password', 'salt', 1, 10, 'sha1')
    expect(gunzipSync(gzipSync('text')).toString()).toBe('text')
    readFileSync(here)
    expect((await openAsBlob(here)).size).toBeGreaterThan(0)
    spawnSync(process.execPath, ['-v'])
    const watcher = watch(tmpdir(), { persistent: true })
    await sleep(1000)
    watcher.close()
    expect(t.now()).toBe(1000)
  }),
)

describe('a promise', () => {
  test(
    'of its own making takes as long as the timer behind it',
    bubble(async (t) => {
      const { promise, resolve } = withResolvers<string>()
      setTimeout(() => resolve('value'), 100)
      const emitter = new EventEmitter()
      setTimeout(() => emitter.emit('event', 5), 200)
      expect(await promise).toBe('value')
      expect(await once(emitter, 'event')).toEqual([5])
      expect(t.now()).toBe(200)
    }),
  )

  test('made outside and resolved there later is awaited for a while', async () => {
    const { promise, resolve } = withResolvers<string>()
    realSetTimeout(() => resolve('value'), 100)
    await bubble(async (t) => {
      expect(await promise).toBe('value')
      expect(t.now()).toBe(0)
    })()
  })

  test('that never settles is a deadlock', async () => {
    const error = await reasonOf(bubble(() => new Promise<void>(() => {}))())
    expect(error).toMatchObject({ code: 'ERR_DEADLOCK' })
  })

  test(
    'of a module that is imported holds time up, as far as reading it does',
    bubble(async () => {
      const { failuresRead } = (await import('./bubble-imported.ts')) as { failuresRead: boolean }
      expect(failuresRead).toBe(true)
    }),
  )
})

test(
  'streams and iterators of events live in the time of the bubble',
  bubble(async (t) => {
    async function* numbers() {
      for (let i = 0; i < 3; i++) {
        await sleep(100)
        yield `${i}`
      }
    }
    const stream = Readable.from(numbers()).pipe(new PassThrough())
    const seen: string[] = []
    for await (const chunk of stream) seen.push(`${chunk} at ${t.now()}`)
    expect(seen).toEqual(['0 at 100', '1 at 200', '2 at 300'])
    const web = new ReadableStream<number>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        controller.enqueue(t.now())
        if (t.now() === 500) controller.close()
      },
    })
    const times: number[] = []
    for await (const time of web as unknown as AsyncIterable<number>) times.push(time)
    expect(times).toEqual([400, 500])
    expect((await select({ done: t.ctx.done, timeout: chan(), later: after100() })).case).toBe('later')
  }),
)

function after100() {
  const ch = chan<number>(1)
  setTimeout(() => ch.trySend(1), 100)
  return ch
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((it) => {
    resolve = it
  })
  return { promise, resolve }
}
