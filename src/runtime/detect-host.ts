// Picks the host at load time. `process.getBuiltinModule` (Node 20.16 and later, Deno, Bun) gives the built-in modules
// without an import that a browser's bundler would have to resolve.
import type { Host } from './host.ts'
import { createNodeHost, type NodeProcess } from './host-node.ts'
import { createWebHost } from './host-web.ts'

export function detectHost(): Host {
  const process = (globalThis as unknown as { process?: Partial<NodeProcess> }).process
  if (process !== undefined && typeof process.getBuiltinModule === 'function') {
    return createNodeHost(process as NodeProcess)
  }
  return createWebHost()
}
