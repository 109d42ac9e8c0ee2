// The last stage: takes the digests in order, writes the lines, reports what failed.

import type { ReceiveChan } from 'warren'
import { checksumLine } from './checksum-line.ts'
import { StrictError } from './exit.ts'
import type { Digest } from './hash.ts'
import { toText } from './names.ts'
import type { Output } from './output.ts'
import type { Screen } from './progress.ts'
import type { Tally } from './tally.ts'

export async function write(
  digests: ReceiveChan<Digest>,
  output: Output,
  tally: Tally,
  screen: Screen,
  strict: boolean,
): Promise<void> {
  for await (const digest of digests) {
    tally.add(digest)
    if (digest.kind === 'digested') await output.write(checksumLine(digest.hex, digest.name))
    if (digest.kind !== 'failed') continue
    screen.say(`${toText(digest.name)}: ${digest.reason}`)
    if (strict) throw new StrictError()
  }
}
