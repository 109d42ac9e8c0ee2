// Runs small programs in processes of their own: in an empty project outside the checkout, into which this package is
// linked as npm would install it.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { inject } from 'vitest'

/** This package as npm would install it, built for this run. */
export const builtPackage: string = inject('builtPackage')
const command = join(builtPackage, 'dist/cli/main.js')

/** A program that hangs is ended a little before its test is. */
const maxDurationMs = 19_000

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly ended: Promise<Ended>
  kill(signal: NodeJS.Signals): void
  /** Resolves when `text` has been printed to standard output. */
  printed(text: string): Promise<void>
  /** Resolves when `text` has been printed to standard error. */
  complained(text: string): Promise<void>
}

export interface ProgramOptions {
  readonly args?: readonly string[]
  /** Options of `warren run`. */
  readonly options?: readonly string[]
  readonly env?: { readonly [name: string]: string }
  /** Other files of the project. */
  readonly files?: { readonly [path: string]: string }
}

/** An empty project with this package, gone at the end of the scope. */
export class Project implements Disposable {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'warren-program-')))

  constructor(files: { readonly [path: string]: string } = {}) {
    mkdirSync(join(this.path, 'node_modules'))
    symlinkSync(builtPackage, join(this.path, 'node_modules/warren'), 'junction')
    this.write({ 'package.json': '{ "type": "module" }', ...files })
  }

  write(files: { readonly [path: string]: string }): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true })
      writeFileSync(join(this.path, path), text)
    }
  }

  /** Starts Node with these arguments in the project's directory. */
  node(args: readonly string[], env: { readonly [name: string]: string } = {}): Running {
    const child = spawn(process.execPath, args, {
      cwd: this.path,
      // Not the environment of the test runner: it turns things on.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: maxDurationMs,
      killSignal: 'SIGKILL',
    })
    const seen = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      seen.stderr += text
    })
    return {
      ended: new Promise((resolve, reject) => {
        child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, ...seen }))
      }),
      kill: (signal) => void child.kill(signal),
      printed: (text) => appears(child.stdout, () => seen.stdout, text),
      complained: (text) => appears(child.stderr, () => seen.stderr, text),
    }
  }

  warren(args: readonly string[], env?: { readonly [name: string]: string }): Running {
    return this.node([command, ...args], env)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

function appears(stream: Readable, seen: () => string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (seen().includes(text)) resolve()
    }
    stream.on('data', look).on('end', () => reject(new Error(`ended without "${text}", after: ${seen()}`)))
    look()
  })
}

/** Runs `source` as a TypeScript program under `warren run`. */
export async function runWithWarren(source: string, options: ProgramOptions = {}): Promise<Ended> {
  using project = new Project({ 'program.ts': source, ...options.files })
  return inProject(
    project,
    await project.warren(['run', ...(options.options ?? []), 'program.ts', ...(options.args ?? [])], options.env).ended,
  )
}

/** Runs `source` as a JavaScript program under plain Node. */
export async function runWithNode(source: string, options: ProgramOptions = {}): Promise<Ended> {
  using project = new Project({ 'program.mjs': source, ...options.files })
  return inProject(project, await project.node(['program.mjs', ...(options.args ?? [])], options.env).ended)
}

/** Names of files as they are inside the project. */
function inProject(project: Project, ended: Ended): Ended {
  return { ...ended, stderr: ended.stderr.replaceAll(`${project.path}/`, '') }
}
