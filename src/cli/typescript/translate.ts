// From a file of TypeScript (or of JavaScript newer than this Node) to what this Node runs, with a source map inside.
// The transpiler is used wherever it is installed, so that a program means the same on every version of Node: types
// only strip where it is not.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { findTool } from './tool.ts'

export interface Translated {
  readonly format: 'module' | 'commonjs'
  readonly source: string
}

type Transform = (
  path: string,
  source: string,
  options: { lang: string; sourceType: 'module' | 'commonjs'; target: string; sourcemap: true },
) => { code: string; map?: object; errors: readonly { message: string; codeframe: string | null }[] }

const hasOwnUsing = compiles('{ using x = null }')
const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript)
const target = hasOwnUsing ? 'esnext' : 'node20'

let transform: Transform | null | undefined

/** What to run instead of the file; undefined when Node can run it as it is. `format` is what Node takes it for. */
export function translate(url: string, format: unknown, programUrl: string): Translated | undefined {
  const language = languageOf(url, format)
  if (language === undefined || (language === 'js' && hasOwnUsing && url !== programUrl)) return undefined
  const path = fileURLToPath(url)
  const source = readFileSync(path, 'utf8')
  const isMain = url === programUrl && source.includes('import.meta.main')
  if (language === 'js' && !needsLowering(source)) {
    return isMain ? { format: 'module', source: claimMain(source) } : undefined
  }
  if (transform === undefined) transform = loadTransform(programUrl)
  if (transform === null) {
    if (language === 'ts' && stripsTypes && (hasOwnUsing || !needsLowering(source))) return undefined
    throw cannotTranspile(language === 'ts' && !stripsTypes ? 'TypeScript' : '`using`')
  }
  const lang = /\.[cm]?[jt]s(x?)(?:[?#]|$)/.exec(url)?.[1] ? `${language}x` : language
  const sourceType = language === 'ts' && isCommonJs(url, source) ? 'commonjs' : 'module'
  const { code, map, errors } = transform(path, source, { lang, sourceType, target, sourcemap: true })
  if (errors.length > 0) throw refused(errors[0]!)
  return { format: sourceType, source: withMap(isMain ? claimMain(code) : code, { ...map, sources: [url] }) }
}

function languageOf(url: string, format: unknown): 'ts' | 'js' | undefined {
  if (!url.startsWith('file:')) return undefined
  if (/\.[cm]?tsx?(?:[?#]|$)/.test(url)) return 'ts'
  return format === 'module' && !url.includes('/node_modules/') ? 'js' : undefined
}

function loadTransform(programUrl: string): Transform | null {
  const tool = findTool('oxc-transform', programUrl)
  if (tool === undefined) return null
  try {
    const { transformSync } = createRequire(tool)(fileURLToPath(tool)) as { transformSync: Transform }
    return transformSync
  } catch {
    // It is there without its binary for this platform, as after `npm install --omit=optional`.
    return null
  }
}

/** Whether this Node lacks a declaration that the source seems to have. */
function needsLowering(source: string): boolean {
  return !hasOwnUsing && /\busing\s+[\w$]+\s*(?::[^=\n]+)?(?:=|\bof\b)/.test(source)
}

function compiles(source: string): boolean {
  try {
    new Function(source)
    return true
  } catch {
    return false
  }
}

// What package.json says is no help: `npm init` writes "type": "commonjs" into projects whose TypeScript has imports.
function isCommonJs(url: string, source: string): boolean {
  if (/\.cts\b/.test(url)) return true
  if (/\.mts\b/.test(url) || /^\s*(?:import|export)\b/m.test(source)) return false
  return /\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(source)
}

function withMap(code: string, map: object): string {
  const encoded = Buffer.from(JSON.stringify({ ...map, sourcesContent: undefined })).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`
}

/** To Node the main module is this command's own. On the line that is there, so that the lines stay what they are. */
function claimMain(code: string): string {
  const start = code.startsWith('#!') ? code.indexOf('\n') + 1 : 0
  return `${code.slice(0, start)}import.meta.main = true; ${code.slice(start)}`
}

function cannotTranspile(what: string): Error {
  const message =
    `Node ${process.versions.node} cannot run ${what} by itself, and the transpiler is not installed; ` +
    'install it with: npm install --save-dev oxc-transform @oxc-project/runtime'
  return Object.assign(new Error(message), { code: 'ERR_CANNOT_TRANSPILE' })
}

function refused(error: { message: string; codeframe: string | null }): Error {
  const message = error.codeframe === null ? error.message : `${error.message}\n${error.codeframe.trimEnd()}`
  return Object.assign(new Error(message), { code: 'ERR_CANNOT_TRANSPILE' })
}
