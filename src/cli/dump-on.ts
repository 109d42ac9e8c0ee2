// A signal prints all goroutines; SIGQUIT ends the program too, as in Go.
import { dumpAll } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'

const quitExitCode = 2

export function dumpOn(signal: NodeJS.Signals): void {
  process.on(signal, () => {
    // A program that listens to the signal itself has taken it over.
    if (process.listenerCount(signal) > 1) return
    scheduler.host.writeError(`${signal === 'SIGQUIT' ? 'SIGQUIT: quit' : signal}\n\n${dumpAll(scheduler)}`)
    if (signal === 'SIGQUIT') process.exit(quitExitCode)
  })
}
