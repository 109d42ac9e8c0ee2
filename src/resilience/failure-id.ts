// Ids for the log: short enough to be read out over a telephone. After ULID: the time first, so that they sort by it,
// in Crockford's alphabet without i, l, o and u.
import { scheduler } from '../runtime/runtime.ts'
import { random } from './random.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Such as `0xj3v1r80-t3kq9d`: nine digits of milliseconds, six at random. */
export function newId(): string {
  return `${digits(scheduler.clock.wallTime(), 9)}-${digits(random() * 32 ** 6, 6)}`
}

function digits(value: number, count: number): string {
  let text = ''
  for (let rest = Math.floor(value); text.length < count; rest = Math.floor(rest / 32))
    text = alphabet[rest % 32] + text
  return text
}
