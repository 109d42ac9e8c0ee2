// The examples of the documentation: every `ts` block of a Markdown page, every `@example` of a docstring.
//
// A block that starts with ```ts no-run is type-checked but not run, since it ends the program. One that starts with
// ```ts no-check is neither: it shows a package that is not installed here.

export interface Example {
  readonly file: string
  /** The line of the file on which the code begins, counted from 1. */
  readonly line: number
  readonly code: string
  readonly isChecked: boolean
  readonly runs: boolean
}

const fence = /^```(.*)$/
const markers: readonly string[] = ['', 'no-run', 'no-check']

export function examplesOfPage(file: string, text: string): Example[] {
  const examples: Example[] = []
  let info: string | undefined
  let start = 0
  const lines = text.split('\n')
  lines.forEach((content, index) => {
    const match = fence.exec(content)
    if (match === null) return
    if (info === undefined) {
      info = match[1]!.trim()
      start = index + 1
      return
    }
    if (info === 'ts' || info.startsWith('ts ')) {
      const marker = info.slice('ts '.length)
      if (!markers.includes(marker)) throw new Error(`${file}:${start}: unknown marker: ${marker}`)
      const code = lines.slice(start, index).join('\n')
      examples.push({ file, line: start + 1, code, isChecked: marker !== 'no-check', runs: marker === '' })
    }
    info = undefined
  })
  if (info !== undefined) throw new Error(`${file}:${start}: a block that does not end`)
  return examples
}

export function examplesOfSource(file: string, text: string): Example[] {
  const examples: Example[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    if (!/^\s*\* @example\s*$/.test(lines[i]!)) continue
    const start = i + 1
    let end = start
    while (!/^\s*\*(\/| @)/.test(lines[end]!)) end++
    const code = lines
      .slice(start, end)
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n')
    examples.push({ file, line: start + 1, code, isChecked: true, runs: true })
    i = end - 1
  }
  return examples
}

/** The names that an entry of the package exports, types marked as such. */
export function exportsOf(index: string): Map<string, 'type' | 'value'> {
  const names = new Map<string, 'type' | 'value'>()
  for (const [, typeOnly, list = ''] of index.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(',').map((each) => each.trim())) {
      if (item === '') continue
      const isType = typeOnly !== undefined || item.startsWith('type ')
      names.set(
        item
          .replace(/^type /, '')
          .split(' as ')
          .at(-1)!,
        isType ? 'type' : 'value',
      )
    }
  }
  return names
}

/**
 * A docstring's example says no imports: all names come from the entry that its file belongs to, or else from the root.
 * They are put before the first line, so that line numbers stay as they are.
 */
export function withImports(
  code: string,
  entries: readonly (readonly [string, Map<string, 'type' | 'value'>])[],
): string {
  const words = new Set(code.match(/(?<![.\w])[A-Za-z]\w*/g))
  let imports = ''
  for (const [specifier, names] of entries) {
    const used = [...words].filter((word) => names.has(word))
    for (const word of used) words.delete(word)
    const list = used.map((name) => (names.get(name) === 'type' ? `type ${name}` : name))
    if (list.length > 0) imports += `import { ${list.join(', ')} } from '${specifier}'; `
  }
  return imports + code
}
