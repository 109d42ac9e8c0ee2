import { describe, expect, test } from 'vitest'
import { type DumpInput, formatDump } from '../../src/runtime/dump.ts'
import { GoroutineRecord, type Resource } from '../../src/runtime/goroutine-record.ts'
import { WaitReason } from '../../src/runtime/wait-reason.ts'

function goroutine(id: number, fields: Partial<GoroutineRecord> = {}): GoroutineRecord {
  return Object.assign(new GoroutineRecord(id, 1), {
    name: `g${id}`,
    reason: WaitReason.chanReceive,
    since: 1,
    ...fields,
  })
}

function mutex(id: number, ...holders: GoroutineRecord[]): Resource {
  return { kind: 'sync.Mutex', id, holders: new Set(holders) }
}

function dump(records: GoroutineRecord[], input: Partial<DumpInput> = {}): string {
  return formatDump({ records, running: undefined, now: 2, awaiting: undefined, ...input })
}

describe('a dump', () => {
  test.each([
    { waitedMs: 59_999, header: 'goroutine 7 [chan receive]:' },
    { waitedMs: 60_000, header: 'goroutine 7 [chan receive, 1 minutes]:' },
    { waitedMs: 200_000, header: 'goroutine 7 [chan receive, 3 minutes]:' },
  ])('says after $waitedMs ms: $header', ({ waitedMs, header }) => {
    expect(dump([goroutine(7)], { now: 1 + waitedMs }).split('\n')[0]).toBe(header)
  })

  test('lists goroutines by id, main first', () => {
    const ids = dump([goroutine(3), goroutine(12), goroutine(2), goroutine(1)]).match(/(?<=^goroutine )\d+/gm)
    expect(ids).toEqual(['1', '2', '3', '12'])
  })

  test('gives the stack of the wait, and of the creation one line and its place', () => {
    const record = goroutine(7, {
      blockedAt: 'inner(...)\n\t/a.ts:1:2\nouter(...)\n\t/a.ts:3:4',
      createdAt: 'starter(...)\n\t/a.ts:5:6\nmain(...)\n\t/a.ts:7:8',
    })
    expect(dump([record])).toBe(
      'goroutine 7 [chan receive]:\ninner(...)\n\t/a.ts:1:2\nouter(...)\n\t/a.ts:3:4\ncreated by starter in goroutine 1\n\t/a.ts:5:6',
    )
  })

  test('gives no stack of an earlier wait for a goroutine that has gone on', () => {
    const record = goroutine(7, { reason: WaitReason.runnable, blockedAt: 'inner(...)\n\t/a.ts:1:2' })
    expect(dump([record])).toBe('goroutine 7 [runnable]:\ng7(...)\n\tsite not recorded')
  })

  test('says IO wait for what is not seen to wait and does not run', () => {
    expect(dump([goroutine(7, { reason: WaitReason.running })])).toContain('goroutine 7 [IO wait]:')
  })

  test('gives the stack of the goroutine that asks', () => {
    const record = goroutine(7, { blockedAt: 'inner(...)\n\t/a.ts:1:2' })
    const text = dump([record], { running: record })
    expect(text).toContain('goroutine 7 [running]:\n')
    expect(text).toContain('dump.test.ts')
    expect(text).not.toContain('/a.ts')
  })

  test('counts what it does not list', () => {
    const text = dump(Array.from({ length: 100_002 }, (_, i) => goroutine(i + 1)))
    expect(text.endsWith('\n\n...and 2 more goroutines')).toBe(true)
  })

  test('counts the awaiting waits, without those that only give way', () => {
    const awaiting = new Array<number>(WaitReason.dead).fill(0)
    awaiting[WaitReason.chanReceive] = 2
    awaiting[WaitReason.runnable] = 5
    awaiting[WaitReason.join] = 1
    expect(dump([], { awaiting })).toMatch(/^awaiting: 2 chan receive, 1 join \(set WARREN_DEBUG=1/)
  })
})

describe('wait-for cycles', () => {
  test('are named with all that take part, and nobody else', () => {
    const [a, b, c, d] = [goroutine(2), goroutine(3), goroutine(4), goroutine(5)]
    a.waitsFor = mutex(1, b)
    b.waitsFor = mutex(2, c)
    c.waitsFor = mutex(3, b)
    d.waitsFor = mutex(1, b)
    expect(dump([a, b, c, d]).split('\n\n')[0]).toBe(
      'wait-for cycle:\n' +
        '  goroutine 3 (g3) waits for sync.Mutex 2, held by goroutine 4 (g4)\n' +
        '  goroutine 4 (g4) waits for sync.Mutex 3, held by goroutine 3 (g3)',
    )
  })

  test('go through any of several holders', () => {
    const [writer, reader, idle] = [goroutine(2), goroutine(3), goroutine(4)]
    writer.waitsFor = { kind: 'sync.RWMutex', id: 1, holders: new Set([idle, reader]) }
    reader.waitsFor = mutex(2, writer)
    expect(dump([writer, reader, idle])).toContain(
      'wait-for cycle:\n  goroutine 2 (g2) waits for sync.RWMutex 1, held by goroutine 3',
    )
  })

  test('that have nothing in common are all named', () => {
    const [a, b] = [goroutine(2), goroutine(3)]
    a.waitsFor = mutex(1, a)
    b.waitsFor = mutex(2, b)
    expect(dump([a, b]).match(/which it holds itself/g)).toHaveLength(2)
  })

  test('are not seen in a chain, however long', () => {
    const records = Array.from({ length: 50_000 }, (_, i) => goroutine(i + 2))
    for (let i = 1; i < records.length; i++) records[i - 1]!.waitsFor = mutex(i, records[i]!)
    expect(dump(records)).not.toContain('cycle')
  })
})
