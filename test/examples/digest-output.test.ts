import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { Output } from '../../examples/digest/output.ts'

const identity = { dev: 0n, ino: 0n }

describe('the output', () => {
  test('makes the writer wait while the stream is full', async () => {
    const accepted: string[] = []
    let accept = (): void => {}
    const stream = new Writable({
      highWaterMark: 8,
      write(chunk, _encoding, callback) {
        accept = () => {
          accepted.push(String(chunk))
          callback()
        }
      },
    })
    const output = new Output(stream, identity)
    await output.write('short\n')
    let isWritten = false
    const second = output.write('line\n').then(() => {
      isWritten = true
    })
    await new Promise(setImmediate)
    expect(isWritten).toBe(false)
    accept()
    await new Promise(setImmediate)
    expect(isWritten).toBe(false)
    accept()
    await second
    expect(accepted).toEqual(['short\n', 'line\n'])
  })

  test('fails once the stream has failed: at the write, at the next one, and when it is closed', async () => {
    const full = new Error('no space left on device')
    const stream = new Writable({ write: (_chunk, _encoding, callback) => setImmediate(callback, full) })
    const output = new Output(stream, identity)
    await output.write('is in the buffer\n')
    await new Promise((resolve) => stream.once('close', resolve))
    await expect(output.write('line\n')).rejects.toBe(full)
    await expect(output.close()).rejects.toBe(full)
  })

  test('fails when the stream fails while the writer waits', async () => {
    const full = new Error('no space left on device')
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, callback) => setImmediate(callback, full),
    })
    await expect(new Output(stream, identity).write('line\n')).rejects.toBe(full)
  })
})
