// The command that runs a failing schedule again.

interface ProcessFacts {
  readonly env: Record<string, string | undefined>
  readonly argv: readonly string[]
  readonly execArgv: readonly string[]
}

/** One line for a shell: the variable, and what ran the test. `file` is the one in which `explore` was called, if known. */
export function replayCommand(token: string, file: string | undefined): string {
  const { process } = globalThis as { process?: ProcessFacts }
  return `WARREN_REPLAY=${token} ${process === undefined ? '...' : runnerOf(process, file)}`
}

function runnerOf({ env, argv, execArgv }: ProcessFacts, file: string | undefined): string {
  const script = argv[1]
  if (env['VITEST'] !== undefined && file !== undefined) return `npx vitest run ${quoted(file)}`
  if (env['NODE_TEST_CONTEXT'] !== undefined && script !== undefined)
    return ['node', '--test', quoted(script)].join(' ')
  if (script?.endsWith('.ts')) return ['npx', 'warren', 'run', script, ...argv.slice(2)].map(quoted).join(' ')
  return ['node', ...execArgv, script ?? file ?? '...', ...argv.slice(2)].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
