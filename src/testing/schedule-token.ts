// A schedule as one word to copy: `v1:` and base64url of variable-length integers. Only choices that are not the default
// are in it, so a shrunk schedule is short; length and hash of all tell whether a replay is the same run.
import { outOfRange } from '../errors/argument.ts'
import { decisionLogVersion } from '../runtime/decisions.ts'
import type { Recorded, RecordedChoice, ScheduleLog } from './schedule-log.ts'

export interface TokenContext {
  readonly preempts: boolean
  readonly overlaps: boolean
  readonly explorationId: number
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function encodeToken(log: ScheduleLog, { preempts, overlaps, explorationId }: TokenContext): string {
  const numbers = [(preempts ? 1 : 0) + (overlaps ? 2 : 0), explorationId, log.length, log.hash]
  let last = -1
  log.chosen.forEach((chosen, position) => {
    if (chosen === 0) return
    numbers.push(position - last, log.options[position]! * 4 + log.kinds[position]!, chosen)
    last = position
  })
  return `${decisionLogVersion}:${numbers.map(encodeNumber).join('')}`
}

/** @throws {PanicError} `ERR_OUT_OF_RANGE` when it is no token, or of another version. */
export function decodeToken(token: string, name = 'token'): Recorded {
  const refuse = (): never => {
    throw outOfRange(name, `a schedule token (${decisionLogVersion}:...)`, token)
  }
  if (!token.startsWith(`${decisionLogVersion}:`)) refuse()
  const numbers = decodeNumbers(token.slice(decisionLogVersion.length + 1)) ?? refuse()
  const [flags, explorationId, length, hash] = numbers
  if (hash === undefined || flags! > 3 || (numbers.length - 4) % 3 !== 0) refuse()
  const choices = new Map<number, RecordedChoice>()
  let position = -1
  for (let i = 4; i < numbers.length; i += 3) {
    position += numbers[i]!
    const options = Math.floor(numbers[i + 1]! / 4)
    const kind = numbers[i + 1]! % 4
    const chosen = numbers[i + 2]!
    if (numbers[i] === 0 || kind > 2 || chosen === 0 || chosen >= options) refuse()
    choices.set(position, { options, kind, chosen })
  }
  if (position >= length!) refuse()
  return {
    choices,
    length: length!,
    hash: hash!,
    preempts: flags! % 2 === 1,
    overlaps: flags! >= 2,
    explorationId: explorationId!,
  }
}

/** Digits of 5 bits, lowest first; the sixth bit says that more follow. */
function encodeNumber(value: number): string {
  let text = ''
  let rest = value
  for (; rest >= 32; rest = Math.floor(rest / 32)) text += alphabet[(rest % 32) + 32]
  return text + alphabet[rest]
}

function decodeNumbers(text: string): number[] | undefined {
  const numbers: number[] = []
  let value = 0
  let unit = 1
  for (const digit of text) {
    const index = alphabet.indexOf(digit)
    if (index < 0) return undefined
    value += (index % 32) * unit
    unit *= 32
    if (index >= 32) continue
    if (!Number.isSafeInteger(value)) return undefined
    numbers.push(value)
    value = 0
    unit = 1
  }
  return unit === 1 ? numbers : undefined
}
