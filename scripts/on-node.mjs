// Runs a locally installed tool under another major version of Node:
//   node scripts/on-node.mjs 24 vitest run --project unit
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [major, tool, ...args] = process.argv.slice(2)
if (!major || !tool) {
  console.error('usage: node scripts/on-node.mjs MAJOR TOOL [ARGS...]')
  process.exit(2)
}

const binary = join(root, 'scripts/nodes/node_modules', `node${major}`, 'bin/node')
if (!existsSync(binary)) {
  spawnSync('npm', ['ci', '--prefix', join(root, 'scripts/nodes')], { stdio: 'inherit' })
  if (!existsSync(binary)) {
    console.error(`Node ${major} is not available for ${process.platform}-${process.arch} (see scripts/nodes)`)
    process.exit(1)
  }
}

const packageRoot = join(root, 'node_modules', tool)
const { bin } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
const entry = join(packageRoot, typeof bin === 'string' ? bin : bin[tool])

console.log(`# ${tool} on Node ${spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim()}`)
const { status, signal } = spawnSync(binary, [entry, ...args], { cwd: root, stdio: 'inherit' })
if (signal) console.error(`${tool} ended by ${signal}`)
process.exit(status ?? 1)
