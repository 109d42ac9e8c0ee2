// Links between the pages of this repository: the file is there, and so is the heading.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn, root } from './pages.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  ['docs', 'src', 'examples', 'bench'].flatMap((folder) => filesIn(folder, '.md')),
)

/** The page without its blocks of code. */
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '')

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function problemWith(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : relative(root, join(root, dirname(page), path))
  if (!existsSync(join(root, target))) return `${page}: ${link}: no such file`
  if (anchor === undefined || statSync(join(root, target)).isDirectory()) return undefined
  return anchorsOf(target).includes(anchor) ? undefined : `${page}: ${link}: no such heading`
}

test('every link from one page to another leads somewhere', () => {
  const problems = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .flatMap((link) => problemWith(page, link) ?? []),
  )
  expect(problems).toEqual([])
})

test('the reading order of the runtime names every file of it', () => {
  const page = textOf('src/runtime/README.md')
  const missing = filesIn('src/runtime', '.ts').filter(
    (path) => !page.includes(`(${path.slice('src/runtime/'.length)})`),
  )
  expect(missing).toEqual([])
})
