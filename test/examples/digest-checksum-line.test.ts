import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkCommand, checksumLine } from '../../examples/digest/checksum-line.ts'
import { fromText, toText } from '../../examples/digest/names.ts'
import { coreutils, hasCoreutils, Scratch } from './digest-program.ts'

const hex = createHash('md5').update('contents').digest('hex')

const names: Record<string, string | Buffer> = {
  plain: 'plain.txt',
  spaces: ' two  spaces ',
  newline: 'new\nline',
  'carriage return': 'carriage\rreturn\r',
  backslash: 'back\\slash',
  'backslash and n': '\\n',
  unicode: 'žluťoučký kůň 🐎',
  'invalid UTF-8': Buffer.from([0x66, 0xff, 0xfe, 0x6f]),
  'a leading dash': '-rf',
  'a leading star': '*star',
  'a leading hash': '# comment',
}

describe.skipIf(!hasCoreutils)('a checksum line', () => {
  for (const [title, name] of Object.entries(names)) {
    test(`is what md5sum prints for a name with ${title}`, () => {
      using tree = new Scratch()
      tree.file(name)
      const line = checksumLine(hex, Buffer.from(name).toString('latin1'))
      expect(line).toBe(md5sumOfOnlyFile(tree))
      tree.file('sums', Buffer.from(line, 'latin1'))
      coreutils('md5sum', ['-c', '--strict', 'sums'], tree.path)
    })
  }

  test('for a file named "-" names it "./-", because "-" is standard input to md5sum', () => {
    using tree = new Scratch()
    tree.file('-')
    tree.file('sums', checksumLine(hex, '-'))
    expect(coreutils('md5sum', ['-c', 'sums'], tree.path)).toBe('./-: OK\n')
  })
})

const md5sumOfOnlyFile = (tree: Scratch): string =>
  coreutils('sh', ['-c', `find . -type f -printf '%P\\0' | xargs -0 md5sum --`], tree.path)

describe('the command to verify', () => {
  test('quotes what a shell would take apart', () => {
    expect(checkCommand('sha256', "/it's here", '/plain/out')).toBe(`cd '/it'\\''s here' && sha256sum -c /plain/out`)
  })

  test('is missing for standard output and for algorithms that coreutils does not know', () => {
    expect(checkCommand('sha256', '/tree', '-')).toBeUndefined()
    expect(checkCommand('sha3-256', '/tree', '/out')).toBeUndefined()
  })
})

describe('a name for people', () => {
  test('is its text, and quoted when it has control characters', () => {
    expect(toText(fromText('kůň 🐎'))).toBe('kůň 🐎')
    expect(toText(fromText('\x1b[2J\n'))).toBe('"\\u001b[2J\\n"')
  })
})
