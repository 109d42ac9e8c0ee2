import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleProgram, coreutils, type Ended, hasCoreutils, type Running, Scratch, start } from './digest-program.ts'

const build = new Scratch()
let program: string

beforeAll(async () => {
  program = await bundleProgram(build.path)
})
afterAll(() => build[Symbol.dispose]())

const starting = (args: readonly string[], cwd: string): Running => start(process.execPath, [program, ...args], cwd)
const digest = (args: readonly string[], cwd: string): Promise<Ended> => starting(args, cwd).ended

const namesOf = (sums: string): string[] =>
  sums
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^\\?[0-9a-f]+ {2}/, ''))

describe('digest', () => {
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
    test.skipIf(!hasCoreutils)(`writes what ${algorithm}sum prints and accepts`, async () => {
      using tree = new Scratch()
      using elsewhere = new Scratch()
      const names = [
        'plain',
        'empty',
        ' spa ces ',
        'new\nline',
        'back\\slash',
        'cr\r',
        'dir/žluťoučký kůň 🐎',
        '-n',
        'a/b',
      ]
      for (const name of names) tree.file(name, name === 'empty' ? '' : randomBytes(1000))
      tree.file(Buffer.from([0x6e, 0xff]), 'not UTF-8')
      tree.link('link', 'plain')
      const sums = elsewhere.join('sums')
      const { code, stderr } = await digest([tree.path, '--algorithm', algorithm, '-o', sums], elsewhere.path)
      expect(code, stderr).toBe(0)
      coreutils(`${algorithm}sum`, ['-c', '--strict', sums], tree.path)
      const script = `find -L . -type f -printf '%P\\0' | sort -z | xargs -0 ${algorithm}sum --`
      expect(readFileSync(sums, 'latin1')).toBe(coreutils('sh', ['-c', script], tree.path))
    })
  }

  test('writes to standard output, and nothing else there', async () => {
    using tree = new Scratch()
    tree.file('file', 'contents')
    const { stdout } = await digest(['.', '-a', 'MD5', '--output', '-'], tree.path)
    expect(stdout).toBe(`${createHash('md5').update('contents').digest('hex')}  file\n`)
  })

  test('digests one file when the path is a file', async () => {
    using tree = new Scratch()
    tree.file('sub/file')
    tree.file('sub/other')
    expect(namesOf((await digest(['sub/file', '-o', '-'], tree.path)).stdout)).toEqual(['file'])
  })

  test('writes the sorted order, and the same bytes, for any number of readers', async () => {
    using tree = new Scratch()
    for (let i = 0; i < 500; i++) tree.file(`${i % 7}/${i}`, randomBytes(i % 50 === 0 ? 500_000 : 10))
    const one = await digest(['-o', '-', '-j', '1'], tree.path)
    const many = await digest(['-o', '-', '-j', '64'], tree.path)
    expect(many.stdout).toBe(one.stdout)
    const names = namesOf(one.stdout)
    expect(names).toHaveLength(500)
    expect(names).toEqual([...names].sort())
  })

  test('leaves its own output out, as a path, a link or a redirection, and says so', async () => {
    using tree = new Scratch()
    tree.file('file')
    tree.link('link', 'sums')
    const { stderr } = await digest(['-o', 'sums'], tree.path)
    expect(namesOf(readFileSync(tree.join('sums'), 'latin1'))).toEqual(['file'])
    expect(stderr).toContain('the output itself')

    const redirected = openSync(tree.join('sums'), 'w')
    spawnSync(process.execPath, [program, '-o', '-'], { cwd: tree.path, stdio: ['ignore', redirected, 'ignore'] })
    expect(namesOf(readFileSync(tree.join('sums'), 'latin1'))).toEqual(['file'])
  })

  test('skips and counts links to directories and special files', async () => {
    using tree = new Scratch()
    tree.file('directory/file')
    tree.link('directory/cycle', '..')
    tree.link('device', '/dev/zero')
    execFileSync('mkfifo', [tree.join('fifo')])
    const server = createServer().listen(tree.join('socket'))
    await once(server, 'listening')
    const { code, stdout, stderr } = await digest(['-o', '-'], tree.path)
    server.close()
    expect(code).toBe(0)
    expect(namesOf(stdout)).toEqual(['directory/file'])
    expect(stderr).toContain('1 file, 8 B')
    expect(stderr).toContain('0 errors; skipped 1 link to directories, 3 special files')
  })

  test('of an empty tree is an empty file', async () => {
    using tree = new Scratch()
    const { code, stdout, stderr } = await digest(['-o', '-'], tree.path)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('0 files, 0 B')
  })
})

describe('a file that cannot be read', () => {
  test('is reported, counted and left out, and the run succeeds', async () => {
    using tree = new Scratch()
    for (const name of ['1', '3']) tree.file(name)
    tree.link('2', 'nowhere')
    tree.link('4', '4')
    const { code, stdout, stderr } = await digest(['-o', '-'], tree.path)
    expect(code).toBe(0)
    expect(namesOf(stdout)).toEqual(['1', '3'])
    expect(stderr).toContain('digest: 2: dangling symbolic link\ndigest: 4: too many symbolic links encountered\n')
    expect(stderr).toContain('; 2 errors')
  })

  test.skipIf(process.getuid?.() === 0)('for want of permission is one, a directory too', async () => {
    using tree = new Scratch()
    tree.file('file')
    tree.file('directory/file')
    chmodSync(tree.join('file'), 0)
    chmodSync(tree.join('directory'), 0)
    const { code, stdout, stderr } = await digest(['-o', '-'], tree.path)
    chmodSync(tree.join('directory'), 0o700)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('digest: directory/: permission denied\ndigest: file: permission denied\n')
  })

  test('ends the run with status 1 under --strict, after the lines before it', async () => {
    using tree = new Scratch()
    for (const name of ['1', '3']) tree.file(name)
    tree.link('2', 'nowhere')
    const { code, stdout, stderr } = await digest(['-o', '-', '--strict'], tree.path)
    expect(code).toBe(1)
    expect(namesOf(stdout)).toEqual(['1'])
    expect(stderr).toContain('digest: 2: dangling symbolic link\n')
  })

  test('is all that --quiet lets through', async () => {
    using tree = new Scratch()
    tree.file('1')
    tree.link('2', 'nowhere')
    expect((await digest(['-o', '-', '--quiet'], tree.path)).stderr).toBe('digest: 2: dangling symbolic link\n')
  })
})

describe.skipIf(process.platform === 'win32')('a signal', () => {
  /** A run over this tree cannot end by itself in the time of a test: in its middle stands a file of 16 TB, all holes. */
  function endlessTree(): Scratch {
    const tree = new Scratch()
    for (let i = 100; i < 400; i++) tree.file(`tree/${i}`, `file ${i}`)
    tree.link('tree/300-', 'nowhere')
    tree.file('tree/301+')
    truncateSync(tree.join('tree/301+'), 2 ** 43)
    return tree
  }

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`${signal} leaves a valid beginning of the file, and the exit status ${status}`, async () => {
      using tree = endlessTree()
      const run = starting(['tree', '-o', 'sums'], tree.path)
      await run.printed('stderr', '300-: dangling')
      run.kill(signal)
      const { code, stderr } = await run.ended
      expect(code, stderr).toBe(status)
      const sums = readFileSync(tree.join('sums'), 'latin1')
      expect(sums.endsWith('\n')).toBe(true)
      const names = namesOf(sums)
      expect(names.length).toBeGreaterThanOrEqual(201)
      expect(names).toEqual(Array.from({ length: names.length }, (_, i) => String(100 + i)))
      if (hasCoreutils) coreutils('sha256sum', ['-c', '--strict', '../sums'], tree.join('tree'))
      expect(stderr).toContain(`${names.length} files`)
      expect(stderr).toContain('digest: interrupted')
    })
  }

  test('SIGINT ends a run to standard output too, at a complete line', async () => {
    using tree = endlessTree()
    const run = starting(['tree', '-o', '-'], tree.path)
    await run.printed('stdout', '  300\n')
    run.kill('SIGINT')
    const { code, stdout } = await run.ended
    expect(code).toBe(130)
    expect(stdout.endsWith('\n')).toBe(true)
    expect(namesOf(stdout)).toEqual(Array.from({ length: namesOf(stdout).length }, (_, i) => String(100 + i)))
  })
})

describe('what cannot work', () => {
  const cases: Record<string, [args: string[], code: number, stderr: string]> = {
    'an unknown algorithm': [['-a', 'sha265'], 2, 'unknown algorithm "sha265"; Node knows '],
    'an unknown option': [['--fast'], 2, "Unknown option '--fast'"],
    'no readers': [['-j', '0'], 2, '--jobs must be a whole number from 1 to 256, not "0"'],
    'half a reader': [['-j', '1.5'], 2, '--jobs must be a whole number'],
    'two paths': [['a', 'b'], 2, 'one PATH at most, not 2'],
    'a tree that is not there': [['nowhere'], 1, 'nowhere: no such file or directory'],
    'an output in a directory that is not there': [['-o', 'no/where'], 1, 'no/where: no such file or directory'],
    'an output that is a directory': [['-o', '.'], 1, 'illegal operation on a directory'],
  }
  for (const [title, [args, code, message]] of Object.entries(cases)) {
    test(`${title} is one line and status ${code}`, async () => {
      using tree = new Scratch()
      const ended = await digest(args, tree.path)
      expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(`digest: `) })
      expect(ended.stderr).toContain(message)
    })
  }

  test.skipIf(process.platform !== 'linux')('a full disk is status 1', async () => {
    using tree = new Scratch()
    tree.file('file')
    const { code, stderr } = await digest(['-o', '/dev/full'], tree.path)
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'digest: no space left on device\n' })
  })

  test('a reader of standard output that went away ends the run quietly', async () => {
    using tree = new Scratch()
    for (let i = 0; i < 3000; i++) tree.file(`${i}`)
    const run = starting(['-o', '-', '-q'], tree.path)
    await run.printed('stdout', '\n')
    run.closeStdout()
    expect(await run.ended).toMatchObject({ code: 141, stderr: '' })
  })
})

/** util-linux' program that runs another one on a terminal. */
const terminal = 'script'
const hasTerminals = spawnSync(terminal, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true

describe.skipIf(!hasTerminals)('on a terminal', () => {
  const onTerminal = (args: string, cwd: string): string =>
    execFileSync(terminal, ['-qec', `'${process.execPath}' '${program}' ${args}`, '/dev/null'], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    })

  test('a bar is drawn, with the errors above it, and taken away for the summary', () => {
    using tree = new Scratch()
    for (let i = 0; i < 100; i++) tree.file(`${i}`)
    tree.link('link', 'nowhere')
    const screen = onTerminal('-o sums', tree.path)
    expect(screen).toMatch(/link: dangling symbolic link\r\n.*[-=]{24}/)
    const lines = screen.slice(screen.indexOf('dangling')).split('\r\n')
    expect(lines[1]).toMatch(/\[0Jdigest: 100 files, 800 B in .*; 1 error; skipped the output itself$/)
    expect(lines[2]).toContain('sha256sum -c')
  })

  test('the lines have it to themselves when they are printed there', () => {
    using tree = new Scratch()
    tree.file('file')
    expect(onTerminal('-o -', tree.path)).toMatch(/^[0-9a-f]{64} {2}file\r\ndigest: 1 file, 8 B in [^\r\n]*\r\n$/)
  })
})

test('--help says everything on standard output', async () => {
  using tree = new Scratch()
  const { code, stdout, stderr } = await digest(['--help'], tree.path)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const word of ['--algorithm', '--output', '--jobs', '--strict', '--quiet', 'Exit status', 'symbolic link']) {
    expect(stdout).toContain(word)
  }
})
