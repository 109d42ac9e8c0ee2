/**
 * Runs one measuring process and turns whatever it does into an outcome with words.
 *
 * @typedef {import('./serve.mjs').Outcome} Outcome
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 */
import { spawn } from 'node:child_process'

/** Peers have to be done by then, whatever the scenario. */
const peerTimeoutMs = 20_000

/**
 * @param {{ command: string, args: readonly string[], env?: Record<string, string> }} program
 * @param {{ rival: string, peer: boolean, scenario: Scenario, quick: boolean, clock: string }} what
 * @returns {Promise<Outcome>}
 */
export function launch(program, { rival, peer, scenario, quick, clock }) {
  const args = [...program.args, '--scenario', scenario.id, '--step', String(scenario.step ?? 1), '--clock', clock]
  const count = (quick ? scenario.quickCount : undefined) ?? scenario.count
  if (count !== undefined) args.push('--count', String(count))
  if (scenario.samples !== undefined) args.push('--samples', String(scenario.samples))
  else if (quick) args.push('--samples', '4')
  const timeoutMs = peer ? peerTimeoutMs : (scenario.timeoutMs ?? 15_000)

  return new Promise((resolve, reject) => {
    const child = spawn(program.command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...program.env },
    })
    let output = ''
    let errors = ''
    let late = false
    const bound = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (errors += chunk))
    child.on('error', reject)
    child.on('close', (status, signal) => {
      clearTimeout(bound)
      const base = { rival, version: '', scenario: scenario.id }
      if (late) resolve({ ...base, trouble: `no result within ${timeoutMs / 1000} s` })
      else if (output.startsWith('{')) resolve(JSON.parse(output))
      else if (status === 13) resolve({ ...base, trouble: 'stalls: a wait never ended, nothing was left to run' })
      else resolve({ ...base, trouble: `ended with ${signal ?? status}: ${telling(errors)}` })
    })
  })
}

/**
 * The line of an error output that says most.
 *
 * @param {string} errors
 */
function telling(errors) {
  const lines = errors.split('\n').map((line) => line.trim())
  return lines.find((line) => /error|panic|fatal/i.test(line)) ?? lines.find((line) => line !== '') ?? 'no word'
}
