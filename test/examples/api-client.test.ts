import { describe, expect, test } from 'vitest'
import type { Project, Running } from '../support/program.ts'
import { ApiService } from './api-service.ts'
import { exampleProject } from './example-project.ts'

const client = (project: Project, ...args: readonly string[]): Running => project.warren(['run', 'main.ts', ...args])
const quota = { perSecond: 50, perMinute: 1000 }
const limits = ['--per-second', '50', '--per-minute', '1000']

describe('the API client', () => {
  test('copies everything from a service with bad days, within its quota, and heals the stream of events', async () => {
    await using service = await ApiService.listen(40, quota)
    using project = exampleProject('api-client')
    const running = client(project, service.url, ...limits, '--late', '100', '--follow', '--silent', '400')
    await running.printed('"id":9')
    running.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect(code, stderr).toBe(130)

    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => ({ n: i + 1 })))
    const ids = lines.slice(40).map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => i + 1))
    expect(stderr).toContain('the stream is silent; connecting again')

    // What never came was asked for a second time, and given up.
    for (const n of [10, 20, 30, 40]) expect(service.asked.get(`/items/${n}`), `${n}`).toBeGreaterThanOrEqual(2)
    expect(service.givenUp).toBe(4)
    expect(new Set(service.copies).size).toBe(2)
    expect(new Set(service.copies.map(({ key }) => key)).size).toBe(1)
    expect(service.copies[0]!.body).toBe('{"items":40}')
    // That not one is refused is what the tests in virtual time say: here the machine may be late with some, and then they come together.
    expect(service.refused).toBeLessThan(service.taken.length / 10)
  })

  test('waits as it is told by a service whose quota is less than it knew', async () => {
    await using service = await ApiService.listen(6, { perSecond: 4, perMinute: 1000 })
    using project = exampleProject('api-client')
    const { code, stdout, stderr } = await client(project, service.url, ...limits).ended
    expect(code, stderr).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(6)
    expect(service.refused).toBeGreaterThan(0)
  })

  test('ends with what the service said when there is nothing to be had', async () => {
    await using service = await ApiService.listen(1, quota)
    using project = exampleProject('api-client')
    const ended = await client(project, `${service.url}/nowhere`).ended
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: 'api-client: /nowhere/items: status 404\n' })
  })

  test('says what is wrong with the command line', async () => {
    using project = exampleProject('api-client')
    const ended = await client(project, '--jobs', '0', 'http://host/').ended
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--jobs must be a whole number'),
    })
  })
})
