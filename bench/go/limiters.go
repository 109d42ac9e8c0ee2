//go:build xtime

// The limiters: golang.org/x/time/rate, which lib/go.mjs looks for.
package main

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

func init() {
	batches["limiter-allow"] = func(n int) int { return check(rate.NewLimiter(1e9, 1e9), true, n) }
	batches["limiter-refuse"] = func(n int) int { return check(rate.NewLimiter(1e-3, 0), false, n) }
	batches["limiter-wait"] = waitAtOnce
	probes["limiter-crowd"] = func(n int) (float64, int) {
		_, cpu, got := crowd(n)
		return cpu, got
	}
	probes["limiter-crowd-late"] = func(n int) (float64, int) {
		late, _, got := crowd(n)
		return late, got
	}
	probes["limiter-steady-late"] = func(n int) (float64, int) { return inTurn(n, 200, 1) }
	probes["limiter-fast-late"] = func(n int) (float64, int) { return inTurn(n, 2000, 20) }
	probes["limiter-cancel"] = func(n int) (float64, int) {
		_, best, got := giveUp(n)
		for round := 1; round < 5; round++ {
			if _, cpu, _ := giveUp(n); cpu < best {
				best = cpu
			}
		}
		return best, got
	}
	probes["limiter-after"] = func(n int) (float64, int) {
		limiter, _, got := giveUp(n)
		r := limiter.Reserve()
		return ms(r.Delay()), got
	}
}

func check(limiter *rate.Limiter, open bool, n int) int {
	got := 0
	for i := 0; i < n; i++ {
		if limiter.Allow() == open {
			got++
		}
	}
	return got
}

func waitAtOnce(n int) int {
	limiter := rate.NewLimiter(1e9, 1e9)
	ctx := context.Background()
	got := 0
	for i := 0; i < n; i++ {
		if limiter.Wait(ctx) == nil {
			got++
		}
	}
	return got
}

// late is how much later than the rate says the last of n comes that are asked for at once, in milliseconds; cpu what each cost.
func late(start time.Time, n int, limit rate.Limit, burst int) float64 {
	return ms(time.Since(start)) - float64(n-burst)/float64(limit)*1000
}

func crowd(n int) (lateMs, cpuNs float64, got int) {
	const limit, burst = 5000, 1
	limiter := rate.NewLimiter(limit, burst)
	ctx := context.Background()
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		start time.Time
	)
	startCPU := cpuTime()
	group.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			defer group.Done()
			mu.Lock()
			if start.IsZero() {
				start = time.Now()
			}
			mu.Unlock()
			if limiter.Wait(ctx) == nil {
				mu.Lock()
				got++
				mu.Unlock()
			}
		}()
	}
	group.Wait()
	return late(start, n, limit, burst), ms(cpuTime()-startCPU) * 1e6 / float64(n), got
}

func inTurn(n int, limit rate.Limit, burst int) (lateMs float64, got int) {
	limiter := rate.NewLimiter(limit, burst)
	ctx := context.Background()
	start := time.Now()
	for i := 0; i < n; i++ {
		if limiter.Wait(ctx) == nil {
			got++
		}
	}
	return late(start, n, limit, burst), got
}

func giveUp(n int) (limiter *rate.Limiter, cpuNs float64, got int) {
	limiter = rate.NewLimiter(1, 1)
	limiter.Allow()
	ctx, cancel := context.WithCancel(context.Background())
	var (
		group sync.WaitGroup
		mu    sync.Mutex
	)
	group.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			defer group.Done()
			if limiter.Wait(ctx) != nil {
				mu.Lock()
				got++
				mu.Unlock()
			}
		}()
	}
	for limiter.Tokens() > float64(50-n) {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond) // the last ones
	startCPU := cpuTime()
	cancel()
	group.Wait()
	return limiter, ms(cpuTime()-startCPU) * 1e6 / float64(n), got
}
