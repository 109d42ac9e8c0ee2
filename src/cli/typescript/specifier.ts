// What an import in a TypeScript file may mean besides what it says.
import { findTool } from './tool.ts'

/** Where the transpiler's own helpers are imported from. */
const helpers = '@oxc-project/runtime/'

const sources: { readonly [extension: string]: readonly string[] } = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}

/** The URL of a helper of the transpiler; undefined for every other import. */
export function helperUrl(specifier: string, programUrl: string): string | undefined {
  return specifier.startsWith(helpers) ? findTool(specifier, programUrl) : undefined
}

/** What to try when a TypeScript file's import leads nowhere: compiled names (`./a.js` for a.ts), and none at all. */
export function alternatives(specifier: string, parentUrl: string | undefined): readonly string[] {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier) || !/\.[cm]?tsx?(?:[?#]|$)/.test(parentUrl ?? '')) return []
  const extension = /\.[cm]?jsx?$/.exec(specifier)?.[0]
  if (extension !== undefined) {
    return (sources[extension] ?? []).map((other) => specifier.slice(0, -extension.length) + other)
  }
  return ['.ts', '.tsx', '/index.ts'].map((end) => specifier.replace(/\/$/, '') + end)
}
