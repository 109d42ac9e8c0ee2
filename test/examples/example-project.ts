// A program of examples/ in a project of its own, with this package as npm would install it.
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Project } from '../support/program.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The files of `examples/NAME`, in a folder that is gone at the end of the scope; its main program is `main.ts`. */
export function exampleProject(name: string, dependencies: readonly string[] = []): Project {
  const folder = join(repository, 'examples', name)
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const project = new Project(Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')])))
  for (const dependency of dependencies) {
    const link = join(project.path, 'node_modules', dependency)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(repository, 'node_modules', dependency), link, 'junction')
  }
  return project
}
