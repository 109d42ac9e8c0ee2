// A file as lines, in arrays of as many as a piece of the file completes. Of the file nothing is kept but the beginning of one line.

import { createReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import type { Tally } from './tally.ts'

const pieceBytes = 256 * 1024
/** A longer line is cut: a file without line ends must not fill the memory. */
const longestLine = 64 * 1024

export async function* linesOf(path: string, tally: Tally): AsyncGenerator<string[], void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
    tally.bytes += piece.length
    const lines = (rest + decoder.write(piece)).split('\n')
    rest = lines.pop()!.slice(0, longestLine)
    tally.lines += lines.length
    yield lines
  }
  if (rest === '') return
  tally.lines++
  yield [rest]
}
