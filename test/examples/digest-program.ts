// For the tests of examples/digest: the program as one bundle over the sources of warren, trees to run it on, and coreutils.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const repository = fileURLToPath(new URL('../..', import.meta.url))

export async function bundleProgram(directory: string): Promise<string> {
  const file = join(directory, 'digest.mjs')
  await build({
    input: join(repository, 'examples/digest/main.ts'),
    platform: 'node',
    resolve: { alias: { warren: join(repository, 'src/index.ts') } },
    transform: { target: 'node20' },
    output: { file, codeSplitting: false },
    logLevel: 'warn',
  })
  return file
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly ended: Promise<Ended>
  kill(signal: NodeJS.Signals): void
  closeStdout(): void
  /** Resolves when `text` has been printed. */
  printed(stream: 'stdout' | 'stderr', text: string): Promise<void>
}

/** Standard output and error are read as bytes: one character each. */
export function start(command: string, args: readonly string[], cwd: string): Running {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    seen.stdout += text
  })
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    seen.stderr += text
  })
  return {
    ended: new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (code) => resolve({ code, ...seen }))
    }),
    kill: (signal) => void child.kill(signal),
    closeStdout: () => void child.stdout.destroy(),
    printed: (stream, text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (seen[stream].includes(text)) resolve()
        }
        child[stream].on('data', look).on('end', () => reject(new Error(`ended without "${text}": ${seen.stderr}`)))
        look()
      }),
  }
}

/** A directory that is gone at the end of the scope. */
export class Scratch implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'digest-'))

  join(...names: string[]): string {
    return join(this.path, ...names)
  }

  file(name: string | Buffer, contents: string | Buffer = 'contents'): void {
    const path = Buffer.concat([Buffer.from(`${this.path}/`), Buffer.from(name)])
    if (typeof name === 'string') mkdirSync(dirname(path.toString()), { recursive: true })
    writeFileSync(path, contents)
  }

  link(name: string, target: string): void {
    symlinkSync(target, this.join(name))
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** What a coreutils program prints, a character per byte; it fails when the program does. */
export function coreutils(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'latin1',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`)
  return stdout
}

/** From version 9 on, when they began to escape carriage returns too. */
export const hasCoreutils =
  Number(/GNU coreutils\) (\d+)/.exec(spawnSync('md5sum', ['--version'], { encoding: 'utf8' }).stdout)?.[1]) >= 9
