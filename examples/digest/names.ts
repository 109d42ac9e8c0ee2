// A file name is bytes and need not be valid UTF-8. So a name travels as a string with one character per byte: it goes out
// just as it came in, and sorts in the order of its bytes, as `LC_ALL=C sort` does.

export type ByteString = string

export const toBytes = (name: ByteString): Buffer => Buffer.from(name, 'latin1')
export const fromText = (text: string): ByteString => Buffer.from(text, 'utf8').toString('latin1')

/** The name for people: a control character in it must not reach their terminal. */
export function toText(name: ByteString): string {
  const text = toBytes(name).toString('utf8')
  return /\p{Cc}/u.test(text) ? JSON.stringify(text) : text
}
