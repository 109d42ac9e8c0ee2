// For the last line of an example: is it the program, or was it imported by a test?
import { pathToFileURL } from 'node:url'

/** Whether this module is the program that was started. */
export function isMain({ url }: { readonly url: string }): boolean {
  return process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href
}
