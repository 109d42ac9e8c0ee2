// The last stage: takes the digests in order, writes the lines, reports what failed.

import type { Operation, ReceiveChan } from 'warren'
import { forEach } from 'warren/pipeline'
import { checksumLine } from './checksum-line.ts'
import { StrictError } from './exit.ts'
import type { Digest } from './hash.ts'
import { toText } from './names.ts'
import type { Output } from './output.ts'
import type { Screen } from './progress.ts'
import type { Tally } from './tally.ts'

/** A line is finished also when the context ends: so what is on disk is the beginning of the full result. */
export function write(
  digests: ReceiveChan<Digest>,
  output: Output,
  tally: Tally,
  screen: Screen,
  strict: boolean,
): Operation<void> {
  return forEach(digests, async (digest) => {
    tally.add(digest)
    if (digest.kind === 'digested') await output.write(checksumLine(digest.hex, digest.name))
    if (digest.kind !== 'failed') return
    screen.say(`${toText(digest.name)}: ${digest.reason}`)
    if (strict) throw new StrictError()
  })
}
