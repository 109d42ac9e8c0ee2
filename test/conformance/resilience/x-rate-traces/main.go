// What Go's limiter does, step by step: `go run . > traces.jsonl` (after `go mod tidy`). Each line is one limiter; a step is
// [what, when in ms, with what, what came of it, and for a reservation the delay in ns].
package main

import (
	"fmt"
	"math/rand"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

const (
	seed     = 4
	limiters = 40
	steps    = 30
)

var (
	random = rand.New(rand.NewSource(seed))
	start  = time.UnixMilli(1_700_000_000_000)
	limits = []rate.Limit{0, -1, 1.0 / 3, 1, 3, 10, 0.1, 7.3, 60, 1000, 0.7692307692307693, rate.Inf}
)

func someLimit() rate.Limit {
	if random.Intn(4) == 0 {
		return rate.Limit(random.Float64() * 20)
	}
	return limits[random.Intn(len(limits))]
}

func number(limit rate.Limit) string {
	if limit == rate.Inf {
		return `"inf"`
	}
	return fmt.Sprint(float64(limit))
}

// Mostly forward, sometimes not at all, sometimes back.
func someWay() int {
	switch random.Intn(8) {
	case 0:
		return 0
	case 1:
		return -random.Intn(300)
	case 2:
		return 100 * random.Intn(20)
	}
	return random.Intn(150)
}

type trace struct {
	limiter      *rate.Limiter
	reservations []*rate.Reservation
	now          int
}

func (t *trace) step() string {
	t.now += someWay()
	at := start.Add(time.Duration(t.now) * time.Millisecond)
	n := random.Intn(4)
	switch kind := random.Intn(10); {
	case kind < 3:
		return fmt.Sprintf(`["allow",%d,%d,%v]`, t.now, n, t.limiter.AllowN(at, n))
	case kind < 6:
		r := t.limiter.ReserveN(at, n)
		t.reservations = append(t.reservations, r)
		return fmt.Sprintf(`["reserve",%d,%d,%v,"%d"]`, t.now, n, r.OK(), int64(r.DelayFrom(at)))
	case kind < 8 && len(t.reservations) > 0:
		i := len(t.reservations) - 1 - random.Intn(len(t.reservations))/2
		t.reservations[i].CancelAt(at)
		return fmt.Sprintf(`["cancel",%d,%d,%v]`, t.now, i, t.limiter.TokensAt(at))
	case kind == 8:
		limit := someLimit()
		t.limiter.SetLimitAt(at, limit)
		return fmt.Sprintf(`["setLimit",%d,%s,%v]`, t.now, number(limit), t.limiter.TokensAt(at))
	case kind == 9:
		burst := random.Intn(6)
		t.limiter.SetBurstAt(at, burst)
		return fmt.Sprintf(`["setBurst",%d,%d,%v]`, t.now, burst, t.limiter.TokensAt(at))
	}
	return fmt.Sprintf(`["tokens",%d,0,%v]`, t.now, t.limiter.TokensAt(at))
}

func main() {
	for i := 0; i < limiters; i++ {
		limit, burst := someLimit(), random.Intn(6)
		t := trace{limiter: rate.NewLimiter(limit, burst)}
		var lines []string
		for j := 0; j < steps; j++ {
			lines = append(lines, t.step())
		}
		fmt.Printf("{\"limit\":%s,\"burst\":%d,\"steps\":[%s]}\n", number(limit), burst, strings.Join(lines, ","))
	}
}
