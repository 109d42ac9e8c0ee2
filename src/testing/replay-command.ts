// The command that runs a failing schedule again.

interface ProcessFacts {
  readonly env: Record<string, string | undefined>
  readonly argv: readonly string[]
  readonly execArgv: readonly string[]
  cwd(): string
}

/** Set by vitest in the process that runs a test file. */
interface VitestWorker {
  readonly __vitest_worker__?: { readonly filepath?: string }
}

/** One line for a shell: the variable, and what ran the test. `file` is the one in which `explore` was called, if known. */
export function replayCommand(token: string, file: string | undefined): string {
  const { process } = globalThis as { process?: ProcessFacts }
  return `WARREN_REPLAY=${token} ${process === undefined ? '...' : runnerOf(process, file)}`
}

function runnerOf(process: ProcessFacts, file: string | undefined): string {
  const { env, argv, execArgv } = process
  const directory = process.cwd()
  const script = argv[1] === undefined ? undefined : fromHere(argv[1], directory)
  const testFile = (globalThis as VitestWorker).__vitest_worker__?.filepath ?? file
  if (env['VITEST'] !== undefined && testFile !== undefined)
    return `npx vitest run ${quoted(fromHere(testFile, directory))}`
  if (env['NODE_TEST_CONTEXT'] !== undefined && script !== undefined)
    return ['node', ...execArgv, '--test', script].map(quoted).join(' ')
  if (script?.endsWith('.ts')) return ['npx', 'warren', 'run', script, ...argv.slice(2)].map(quoted).join(' ')
  return ['node', ...execArgv, script ?? file ?? '...', ...argv.slice(2)].map(quoted).join(' ')
}

/** As it is called in the current directory, so that the command is the same on every machine. */
function fromHere(path: string, directory: string): string {
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
