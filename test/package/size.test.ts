import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, inject, test } from 'vitest'

const limitBytes = 10 * 1024

/** What a program pays that imports everything from an entry: bundled, minified, Node's own modules left out. */
async function sizeOf(entry: string): Promise<{ minifiedBytes: number; gzippedBytes: number }> {
  const bundle = await rolldown({
    input: join(inject('consumer'), 'node_modules/warren/dist', entry),
    platform: 'node',
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('')
  return { minifiedBytes: Buffer.byteLength(code), gzippedBytes: gzipSync(code, { level: 9 }).length }
}

test(`the root entry stays under ${limitBytes} bytes, minified and gzipped`, async () => {
  const { minifiedBytes, gzippedBytes } = await sizeOf('index.js')
  process.stdout.write(`size of 'warren': ${gzippedBytes} bytes gzipped (${minifiedBytes} minified)\n`)
  expect(gzippedBytes).toBeGreaterThan(0)
  expect(gzippedBytes).toBeLessThanOrEqual(limitBytes)
})
