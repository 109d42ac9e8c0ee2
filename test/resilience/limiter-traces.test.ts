// What golang.org/x/time/rate answers, recorded from a run of it (rate.go under Go 1.19) with these very steps: each is a time in
// milliseconds, what is done then, and the answer. `allow` and `reserve` say for how many, `cancel` which reservation (counted from
// 0); that, `limit` and `burst` answer with the tokens that there are afterwards. The first cases are those of its rate_test.go.
import { expect, test } from 'vitest'
import { Limiter, type Reservation } from 'warren/resilience'

const { POSITIVE_INFINITY: infinity } = Number
const epoch = Date.UTC(2030, 0, 1)

const traces = `
ten a second, one at once: 10 a second, burst 1
  0 tokens = 1, 0 allow 1 = yes, 0 allow 1 = no, 100 tokens = 1, 100 allow 1 = yes, 150 allow 1 = no, 200 allow 2 = no,
  200 allow 1 = yes
ten a second, three at once: 10 a second, burst 3
  0 allow 2 = yes, 0 allow 2 = no, 0 allow 1 = yes, 0 allow 1 = no, 100 allow 4 = no, 200 allow 1 = yes,
  300 allow 1 = yes, 400 allow 1 = yes, 400 allow 1 = yes, 400 allow 1 = no, 900 allow 3 = yes, 900 allow 0 = yes
a clock that goes back: 10 a second, burst 3
  100 allow 1 = yes, 0 tokens = 2, 0 allow 1 = yes, 0 allow 1 = yes, 0 allow 1 = no, 100 allow 1 = yes,
  100 allow 1 = no, 200 allow 1 = yes, 200 allow 1 = no
a clock that goes back far, and forth again: 2 a second, burst 4
  10000 allow 4 = yes, 0 tokens = 0, 0 reserve 1 = in 500, 500 tokens = 0, 10000 tokens = 4, 10000 allow 1 = yes
a clock that goes back under a reservation: 1 a second, burst 2
  5000 reserve 2 = in 0, 5000 reserve 2 = in 2000, 1000 tokens = -2, 1000 reserve 1 = in 3000, 1000 cancel 1 = 2,
  1000 tokens = 2, 6000 tokens = 2
reservations one behind the other: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 2 = in 200, 300 reserve 2 = in 100, 300 reserve 1 = in 200
more than the burst: 10 a second, burst 2
  0 reserve 3 = no, 0 allow 3 = no, 0 reserve 2 = in 0, 0 reserve 2 = in 200, 50 reserve 3 = no
allow and reserve mixed: 10 a second, burst 2
  0 reserve 3 = no, 0 reserve 2 = in 0, 100 allow 2 = no, 100 reserve 2 = in 100, 100 allow 1 = no, 300 allow 1 = yes,
  300 tokens = 0
a refused reservation, cancelled: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 3 = no, 0 cancel 1 = 0, 0 tokens = 0, 0 reserve 2 = in 200
the last one, cancelled: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 2 = in 200, 100 cancel 1 = 1, 100 tokens = 1, 100 reserve 2 = in 100
cancelled at its very time: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 2 = in 200, 200 cancel 1 = 2, 200 tokens = 2, 200 reserve 2 = in 0
cancelled too late: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 2 = in 200, 300 cancel 1 = 1, 300 tokens = 1, 300 reserve 2 = in 100
cancelled, with as much behind it: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 1 = in 100, 0 reserve 1 = in 200, 0 cancel 1 = -2, 0 tokens = -2, 0 reserve 1 = in 300
cancelled, with less behind it: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 2 = in 200, 0 reserve 1 = in 300, 200 cancel 1 = 0, 200 tokens = 0,
  200 reserve 2 = in 200
several cancelled: 10 a second, burst 4
  0 reserve 4 = in 0, 0 reserve 3 = in 300, 0 reserve 1 = in 400, 0 reserve 1 = in 500, 100 cancel 3 = -3,
  100 cancel 1 = -1, 100 tokens = -1, 100 reserve 3 = in 400
the same one cancelled twice: 10 a second, burst 4
  0 reserve 4 = in 0, 0 reserve 2 = in 200, 0 cancel 1 = 0, 0 tokens = 0, 0 cancel 1 = 4, 0 tokens = 4,
  0 reserve 1 = in 0
first to last cancelled: 5 a second, burst 3
  0 reserve 3 = in 0, 0 reserve 1 = in 200, 0 reserve 1 = in 400, 0 reserve 1 = in 600, 0 cancel 1 = -3,
  0 cancel 2 = -3, 0 cancel 3 = -2, 0 tokens = -2
last to first cancelled: 5 a second, burst 3
  0 reserve 3 = in 0, 0 reserve 1 = in 200, 0 reserve 1 = in 400, 0 reserve 1 = in 600, 0 cancel 3 = -2,
  0 cancel 2 = -1, 0 cancel 1 = 0, 0 tokens = 0
a cancel before the reservation was made: 10 a second, burst 2
  1000 reserve 2 = in 0, 1000 reserve 2 = in 200, 500 cancel 1 = 0, 500 tokens = 0, 1000 tokens = 2, 1200 tokens = 2
the first, which waited for nothing, cancelled: 10 a second, burst 2
  0 reserve 2 = in 0, 0 cancel 0 = 2, 0 tokens = 2, 0 reserve 1 = in 0, 0 reserve 1 = in 0, 0 cancel 2 = 1,
  50 tokens = 1.5
no limit: Infinity a second, burst 0
  0 allow 1000 = yes, 0 reserve 1000 = in 0, 0 tokens = 0, 0 cancel 0 = 0, 5 allow 7 = yes
no limit, then one: Infinity a second, burst 3
  0 allow 100 = yes, 0 limit 10 = 3, 0 tokens = 3, 0 allow 3 = yes, 0 allow 1 = no, 100 allow 1 = yes
no limit, with a burst of none, then one: Infinity a second, burst 0
  0 reserve 5 = in 0, 100 limit 10 = 0, 100 tokens = 0, 100 allow 1 = no, 100 burst 2 = 0, 100 tokens = 0,
  300 tokens = 2, 300 reserve 2 = in 0
a limit, then none: 1 a second, burst 1
  0 allow 1 = yes, 0 reserve 1 = in 1000, 0 limit Infinity = -1, 0 reserve 5 = in 0, 0 allow 9 = yes, 0 tokens = -1,
  0 cancel 0 = -1, 0 cancel 1 = -1, 10 limit 1 = 1, 10 tokens = 1
a reservation of no limit, cancelled under one: Infinity a second, burst 2
  0 reserve 2 = in 0, 0 limit 1 = 2, 0 allow 2 = yes, 0 tokens = 0, 0 cancel 0 = 2, 0 tokens = 2
nothing a second: 0 a second, burst 2
  0 allow 1 = yes, 0 allow 1 = yes, 0 allow 1 = no, 60000 tokens = 0, 60000 allow 1 = no
nothing a second and nothing at once: 0 a second, burst 0
  0 allow 1 = no, 0 reserve 1 = no, 0 allow 0 = yes, 1000 tokens = 0
nothing a second, then something: 0 a second, burst 1
  0 allow 1 = yes, 1000 limit 10 = 0, 1000 tokens = 0, 1100 allow 1 = yes, 1100 reserve 1 = in 100
nothing at once: 10 a second, burst 0
  0 allow 1 = no, 0 reserve 1 = no, 0 allow 0 = yes, 0 reserve 0 = in 0, 1000 tokens = 0
a faster limit: 1 a second, burst 5
  0 allow 5 = yes, 1000 tokens = 1, 1000 limit 10 = 1, 1000 tokens = 1, 1200 tokens = 3, 1200 reserve 5 = in 200,
  1200 reserve 1 = in 300
a slower limit under reservations: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 2 = in 200, 0 limit 1 = -2, 0 tokens = -2, 0 reserve 1 = in 3000, 500 tokens = -2.5,
  500 cancel 1 = -2.5, 500 tokens = -2.5
a limit set at a time that is over: 10 a second, burst 5
  1000 allow 5 = yes, 500 limit 1 = 0, 500 tokens = 0, 1000 tokens = 0.5, 2000 tokens = 1.5, 2000 allow 1 = yes
a larger burst: 10 a second, burst 1
  0 allow 1 = yes, 0 burst 5 = 0, 0 tokens = 0, 0 allow 1 = no, 300 tokens = 3, 300 reserve 4 = in 100, 1000 tokens = 5
a smaller burst: 10 a second, burst 5
  0 burst 2 = 2, 0 tokens = 2, 0 allow 3 = no, 0 allow 2 = yes, 1000 tokens = 2
a smaller burst under reservations: 10 a second, burst 5
  0 reserve 5 = in 0, 0 reserve 5 = in 500, 0 burst 1 = -5, 0 tokens = -5, 500 cancel 1 = 1, 500 tokens = 1,
  600 reserve 1 = in 0
a burst set to none, and back: 10 a second, burst 3
  0 burst 0 = 0, 0 tokens = 0, 0 allow 1 = no, 100 burst 3 = 0, 100 tokens = 0, 200 tokens = 1, 200 allow 1 = yes
thirds of a second: 3 a second, burst 1
  0 reserve 1 = in 0, 0 reserve 1 = in 333.333333, 0 reserve 1 = in 666.666666, 0 reserve 1 = in 1000,
  500 tokens = -1.5, 1000 allow 1 = no
a limit with no short fraction: 0.7692307692307693 a second, burst 1
  0 allow 1 = yes, 1299 allow 1 = no, 1300 allow 1 = yes, 1300 reserve 1 = in 1299.999999,
  1300 reserve 1 = in 2599.999999
one in seventeen minutes: 0.001 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 1 = in 1000000, 500000 tokens = -0.5, 500000 cancel 1 = 0.5, 500000 tokens = 0.5,
  1000000 tokens = 1
a thousand a second: 1000 a second, burst 10
  0 allow 10 = yes, 1 allow 1 = yes, 1 allow 1 = no, 3 reserve 5 = in 3, 3 reserve 1 = in 4, 3 cancel 1 = -3,
  4 tokens = -2
nothing asked for: 10 a second, burst 2
  0 reserve 2 = in 0, 0 reserve 0 = in 0, 0 reserve 1 = in 100, 0 reserve 0 = in 100, 0 cancel 1 = -1, 0 tokens = -1,
  50 allow 0 = no, 100 allow 0 = yes
`

for (const trace of traces.trim().split(/\n(?! )/)) {
  const [title, head, ...lines] = trace.split(/: |\n/)
  const steps = lines.join(' ').trim().split(/,\s+/)
  test(`${title}: each answer is Go's`, () => {
    const [limit, burst] = head!.split(' a second, burst ').map(Number)
    const limiter = new Limiter(limit!, burst!)
    const reservations: Reservation[] = []
    const answers = steps.map((step) => `${step.split(' = ')[0]} = ${answer(limiter, reservations, step)}`)
    expect(answers).toEqual(steps)
  })
}

function answer(limiter: Limiter, reservations: Reservation[], step: string): string {
  const [ms, name, argument] = step.split(' ')
  const at = new Date(epoch + Number(ms))
  const n = Number(argument)
  if (name === 'allow') return limiter.allowN(at, n) ? 'yes' : 'no'
  if (name === 'reserve') {
    const reservation = limiter.reserveN(at, n)
    reservations.push(reservation)
    return delayOf(reservation, at)
  }
  if (name === 'cancel') reservations[n]!.cancelAt(at)
  if (name === 'limit') limiter.setLimitAt(at, n)
  if (name === 'burst') limiter.setBurstAt(at, n)
  return String(rounded(limiter.tokensAt(at)))
}

function delayOf(reservation: Reservation, at: Date): string {
  if (!reservation.ok) return 'no'
  const delay = reservation.delayFrom(at)
  return delay === infinity ? 'never' : `in ${delay}`
}

/** To a millionth, without the sign of zero. */
const rounded = (tokens: number): number => Math.round(tokens * 1e6) / 1e6 + 0
