import { expect, test } from 'vitest'
import { createNodeHost, type NodeProcess } from '../../src/runtime/host-node.ts'

test('a report is written as a whole to a full pipe that takes a few bytes at a time', () => {
  const taken: number[] = []
  let calls = 0
  function writeSync(fd: number, bytes: Uint8Array, offset: number): number {
    expect(fd).toBe(2)
    if (++calls % 2 === 1) throw Object.assign(new Error('full'), { code: 'EAGAIN' })
    const part = bytes.subarray(offset, offset + 5)
    taken.push(...part)
    return part.length
  }
  const modules = { fs: { writeSync }, async_hooks: process.getBuiltinModule('async_hooks') }
  const fake = { ...process, stderr: {}, getBuiltinModule: (name: keyof typeof modules) => modules[name] }
  createNodeHost(fake as unknown as NodeProcess).writeError('panic: not enough room – 12 %')
  expect(new TextDecoder().decode(Uint8Array.from(taken))).toBe('panic: not enough room – 12 %\n')
})

test('a report nobody can take any more is given up', () => {
  const modules = {
    fs: {
      writeSync() {
        throw Object.assign(new Error('gone'), { code: 'EPIPE' })
      },
    },
    async_hooks: process.getBuiltinModule('async_hooks'),
  }
  const fake = { ...process, stderr: { fd: 2 }, getBuiltinModule: (name: keyof typeof modules) => modules[name] }
  expect(() => createNodeHost(fake as unknown as NodeProcess).writeError('x')).not.toThrow()
})
