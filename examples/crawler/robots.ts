// robots.txt, as RFC 9309 has it, and the Crawl-delay that it leaves out.

export interface Robots {
  readonly delayMs: number
  /** Of a path with its query. */
  allows(path: string): boolean
}

export const allowsAll: Robots = { delayMs: 0, allows: () => true }
export const allowsNothing: Robots = { delayMs: 0, allows: () => false }

interface Rule {
  readonly allows: boolean
  readonly path: string
}

interface Section {
  readonly agents: string[]
  readonly rules: Rule[]
  delayMs: number
}

/** The rules for `agent`: those under its name, or else those under `*`. */
export function parseRobots(text: string, agent: string): Robots {
  const sections = sectionsOf(text)
  const under = (name: string): Section[] => sections.filter(({ agents }) => agents.includes(name))
  const own = under(agent.toLowerCase())
  const chosen = own.length > 0 ? own : under('*')
  const rules = chosen.flatMap((section) => section.rules)
  return {
    delayMs: Math.max(0, ...chosen.map((section) => section.delayMs)),
    allows: (path) => longestMatch(rules, path)?.allows ?? true,
  }
}

function sectionsOf(text: string): Section[] {
  const sections: Section[] = []
  let isNamed = false
  for (const line of text.split(/\r?\n|\r/)) {
    const [, field, value] = /^\s*([\w-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? []
    if (field === undefined || value === undefined) continue
    const name = field.toLowerCase()
    if (name === 'user-agent') {
      if (!isNamed) sections.push({ agents: [], rules: [], delayMs: 0 })
      sections.at(-1)!.agents.push(value.toLowerCase())
    }
    isNamed = name === 'user-agent'
    const section = sections.at(-1)
    if (section === undefined || value === '') continue
    if (name === 'allow' || name === 'disallow') section.rules.push({ allows: name === 'allow', path: value })
    if (name === 'crawl-delay') section.delayMs = Number(value) * 1000 || 0
  }
  return sections
}

/** Of two that match the longer one holds, and of two as long the one that allows. */
function longestMatch(rules: readonly Rule[], path: string): Rule | undefined {
  let longest: Rule | undefined
  for (const rule of rules.filter((rule) => matches(rule.path, path))) {
    const excess = rule.path.length - (longest?.path.length ?? 0)
    if (excess > 0 || (excess === 0 && rule.allows)) longest = rule
  }
  return longest
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+?^{}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\$(?!$)/g, '\\$$')
  return new RegExp(`^${source}`).test(path)
}
