import { readFileSync } from 'node:fs'

const warren = `Usage: warren <command>

Commands:
  run [options] program [arguments]   run a program with Go's messages and exit codes

Options:
  -h, --help       print this; warren run --help tells more
  -v, --version    print the version
`

const run = `Usage: warren run [options] program [arguments]

Runs a TypeScript or JavaScript program. All goroutines know who they are and where they wait: the messages name both.

Options, before the program:
  --seed N           make the runtime's random choices repeatable (0 to 4294967295)
  --dump-on SIGNAL   print all goroutines on this signal too; SIGQUIT always does, and ends the program
  --leaks            say at the end which goroutines are left, and which of them can never run again; it collects garbage
                     to know (also: WARREN_LEAKS=1, without this command too)
  --watchdog[=MS]    name the function that keeps the thread busy for longer (200 ms if no number is given)
  --no-lock-check    do not look for deadlocks among locks (half a microsecond and more for each lock)
  -h, --help         print this

Signals:
  Ctrl-C             cancels the context of run(); a second one ends the program at once
  Ctrl-\\             prints all goroutines and ends the program

Exit status:
  0      the program has finished
  1      the program could not be loaded
  2      panic, deadlock, SIGQUIT, or a wrong command line
  130    main ended because of Ctrl-C (143: because of SIGTERM)
  other  what the program set
`

export const help: { readonly [topic in 'warren' | 'run']: string } = { warren, run }

export function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}
