// One line of a checksum file, byte for byte as coreutils' md5sum and its sisters write it.

import { resolve } from 'node:path'
import type { ByteString } from './names.ts'

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' }

/** A backslash before the digest says that the name is escaped. */
export function checksumLine(hex: string, name: ByteString): ByteString {
  // To `md5sum -c` a bare "-" means standard input.
  const plain = name === '-' ? './-' : name
  const escaped = plain.replace(/[\\\n\r]/g, (character) => escapes[character] ?? character)
  return `${escaped === plain ? '' : '\\'}${hex}  ${escaped}\n`
}

const checkers: Record<string, string> = {
  md5: 'md5sum',
  sha1: 'sha1sum',
  sha224: 'sha224sum',
  sha256: 'sha256sum',
  sha384: 'sha384sum',
  sha512: 'sha512sum',
  blake2b512: 'b2sum',
}

/** The shell command that verifies `output`, if there is one: coreutils does not know every algorithm. */
export function checkCommand(algorithm: string, directory: string, output: string): string | undefined {
  const checker = checkers[algorithm]
  if (checker === undefined || output === '-') return undefined
  return `cd ${quoted(directory)} && ${checker} -c ${quoted(resolve(output))}`
}

const quoted = (word: string): string => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
