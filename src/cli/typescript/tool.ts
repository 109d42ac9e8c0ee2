// Finds the packages that are only needed where Node does not run the program's TypeScript itself: an optional dependency
// of this package, which the program's own project may have too.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The URL of a module of an optional package, as this package or else the program finds it. */
export function findTool(specifier: string, programUrl: string): string | undefined {
  for (const from of [import.meta.url, programUrl]) {
    try {
      return pathToFileURL(createRequire(from).resolve(specifier)).href
    } catch {
      // Not installed there.
    }
  }
  return undefined
}
