import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtPackage, Project } from '../support/program.ts'

test("a program with a copy of the package of its own shares the command's runtime, main goroutine and sites", async () => {
  using project = new Project({
    'program.ts': `
      import { chan, go, run } from 'warren'
      await run(async function main() {
        go(function* worker() { yield* chan().receive() })
        await chan().receive()
      })
    `,
  })
  const copy = join(project.path, 'node_modules/warren')
  rmSync(copy)
  for (const name of ['package.json', 'dist']) cpSync(join(builtPackage, name), join(copy, name), { recursive: true })
  const { code, stderr } = await project.warren(['run', 'program.ts']).ended
  expect(code).toBe(2)
  expect(stderr.replaceAll(`${project.path}/`, '').replace(/:\d+$/gm, '')).toBe(
    'fatal error: all goroutines are asleep - deadlock!\n\n' +
      'goroutine 1 [chan receive]:\nmain(...)\n\tprogram.ts:5\n\n' +
      'goroutine 2 [chan receive]:\nworker(...)\n\tprogram.ts:4\ncreated by main in goroutine 1\n\tprogram.ts:4\n',
  )
})
