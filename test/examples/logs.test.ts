import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtPackage, type Project, type Running } from '../support/program.ts'
import { exampleProject } from './example-project.ts'
import { printed, writeLog } from './log-file.ts'

const warren = join(builtPackage, 'dist/cli/main.js')
const logs = (project: Project, ...args: readonly string[]): Running => project.warren(['run', 'main.ts', ...args])
const newProject = (): Project => exampleProject('logs', ['cli-progress'])
const line = (time: string, path = '/'): string => `h - - [01/Jan/2025:${time} +0000] "GET ${path} HTTP/1.1" 200 5\n`

describe('the log pipeline', () => {
  test('counts a file that is larger than its memory', async () => {
    using project = newProject()
    const log = writeLog(join(project.path, 'access.log'), 100_000_000, 6)
    const { code, stdout, stderr } = await project.node([
      '--max-old-space-size=64',
      warren,
      'run',
      'main.ts',
      'access.log',
    ]).ended
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(printed(log, 10))
    expect(stderr).toContain(`${log.lines.toLocaleString('en')} lines, ${(log.bytes / 1e6).toFixed(1)} MB, `)
    expect(stderr).toContain(`logs: ${log.malformed.toLocaleString('en')} lines malformed, the first is `)
    expect(stderr).not.toContain('too late')
  })

  test('bears a file without any line ends, and one without any lines', async () => {
    using project = newProject()
    writeFileSync(join(project.path, 'no-ends'), Buffer.alloc(30_000_000, 'x'))
    writeFileSync(join(project.path, 'nothing'), '')
    const args = ['--max-old-space-size=32', warren, 'run', 'main.ts', 'no-ends']
    expect(await project.node(args).ended).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('1 line malformed, the first is "xxx'),
    })
    expect(await logs(project, 'nothing', '-q').ended).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  test('gives out what is complete, and stops there when it is interrupted', async () => {
    using project = newProject()
    const path = join(project.path, 'fifo')
    execFileSync('mkfifo', [path])
    const running = logs(project, 'fifo', '--window', '1m', '--late', '0s')
    const fifo = openSync(path, 'w')
    writeSync(fifo, line('00:00:00') + line('00:00:59') + line('00:01:00'))
    await running.printed('2 requests')
    running.kill('SIGINT')
    await running.complained('of memory')
    // Until then it cannot be ended: a thread reads.
    closeSync(fifo)
    const { code, stdout } = await running.ended
    expect(code).toBe(130)
    expect(stdout).toBe('2025-01-01T00:00:00.000Z 2 requests, 0 errors, 10 bytes\n         2 /\n')
  })

  test('says what is wrong', async () => {
    using project = newProject()
    expect(await logs(project, 'nowhere').ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('no such file or directory'),
    })
    expect(await logs(project, 'main.ts', '--window', '1x').ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--window must be a time such as 30s, 5m or 1h, not "1x"'),
    })
  })

  const terminal = 'script'
  const hasTerminals = spawnSync(terminal, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true

  test.skipIf(!hasTerminals)('draws a bar on a terminal, and takes it away for the summary', () => {
    using project = newProject()
    const log = writeLog(join(project.path, 'access.log'), 10_000_000, 2)
    const command = `'${process.execPath}' '${warren}' run main.ts access.log -n 1 >result`
    const screen = execFileSync(terminal, ['-qec', command, '/dev/null'], { cwd: project.path, encoding: 'utf8' })
    expect(screen).toMatch(/[=-]{24} \d+% \|/)
    expect(screen.slice(screen.lastIndexOf('logs: ') - 200)).toContain(
      `${log.lines.toLocaleString('en')} lines, 10.0 MB`,
    )
  })
})
