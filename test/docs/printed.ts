// What an example prints, and what it says it prints: each `console.log(...)` and the `// value` comment behind it.

export interface Site {
  readonly line: number
  /** The comment; undefined when there is none. */
  readonly expected: string | undefined
}

/** The global function that the calls of `console.log` are turned into; its first argument is the number of the site. */
export const printFunction = '__printExample'

const call = 'console.log('

/** The code with its calls of `console.log` told apart, and where they stand. Line numbers stay as they are. */
export function instrument(code: string): { readonly code: string; readonly sites: Site[] } {
  const sites: Site[] = []
  let result = ''
  let from = 0
  for (let at = code.indexOf(call); at >= 0; at = code.indexOf(call, from)) {
    const isComment = code.slice(code.lastIndexOf('\n', at) + 1, at).includes('//')
    const start = at + call.length
    result += code.slice(from, at) + (isComment ? call : `${printFunction}(${sites.length}, `)
    from = start
    if (isComment) continue
    const end = endOfCall(code, start)
    const newline = code.indexOf('\n', end)
    const rest = code.slice(end, newline < 0 ? undefined : newline)
    const expected = /\/\/ (.*)$/.exec(rest)?.[1]?.trimEnd()
    sites.push({ line: code.slice(0, at).split('\n').length, expected })
  }
  return { code: result + code.slice(from), sites }
}

/** The position behind the bracket that closes the call whose arguments begin at `start`. */
function endOfCall(code: string, start: number): number {
  let depth = 1
  let quote = ''
  for (let i = start; i < code.length; i++) {
    const character = code[i]!
    if (character === '\\') i++
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === "'" || character === '"' || character === '`') quote = character
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) return i + 1
  }
  throw new Error(`a call that does not end: ${code.slice(start, start + 40)}`)
}

/**
 * Whether a site printed what its comment says. Several values stand in it one behind the other: `// 1 2 3`. A site
 * without a comment must print nothing: a branch that is not taken.
 */
export function matches(expected: string | undefined, printed: readonly string[]): boolean {
  if (expected === undefined) return printed.length === 0
  return expected === printed.join(' ') || expected === printed.join(', ')
}
