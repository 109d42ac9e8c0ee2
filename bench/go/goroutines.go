package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// spawnJoin starts one goroutine and waits for it, by Go's cheapest join, a reused WaitGroup.
func spawnJoin(n int) int {
	got := 0
	var wg sync.WaitGroup
	for i := 0; i < n; i++ {
		wg.Add(1)
		go func() {
			got++
			wg.Done()
		}()
		wg.Wait()
	}
	return got
}

// spawnMany starts a thousand goroutines, then waits for all of them.
func spawnMany(n int) int {
	const window = 1000
	var got int64
	var wg sync.WaitGroup
	for i := 0; i < n; i += window {
		wg.Add(window)
		for j := 0; j < window; j++ {
			go func() {
				atomic.AddInt64(&got, 1)
				wg.Done()
			}()
		}
		wg.Wait()
	}
	return int(got)
}

// gosched: two goroutines let each other run; one operation is one Gosched.
func gosched(n int) int {
	total := make(chan int, 2)
	for p := 0; p < 2; p++ {
		go func() {
			got := 0
			for i := 0; i < n/2; i++ {
				runtime.Gosched()
				got++
			}
			total <- got
		}()
	}
	return <-total + <-total
}

func mutexFree(n int) int {
	var mu sync.Mutex
	got := 0
	for i := 0; i < n; i++ {
		mu.Lock()
		got++
		mu.Unlock()
	}
	return got
}

// mutexContended: ten goroutines; the holder lets the others run, so that they find the lock taken.
func mutexContended(n int) int {
	const by = 10
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(by)
	got := 0
	for p := 0; p < by; p++ {
		go func() {
			for i := 0; i < n/by; i++ {
				mu.Lock()
				got++
				runtime.Gosched()
				mu.Unlock()
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return got
}

// limitTen: batches of a thousand tasks, at most ten of them at a time; a task lets the others run once.
func limitTen(n int) int {
	const window, limit = 1000, 10
	tokens := make(chan struct{}, limit)
	var got, running, most int64
	var wg sync.WaitGroup
	for i := 0; i < n; i += window {
		wg.Add(window)
		for j := 0; j < window; j++ {
			go func() {
				tokens <- struct{}{}
				if now := atomic.AddInt64(&running, 1); now > atomic.LoadInt64(&most) {
					atomic.StoreInt64(&most, now)
				}
				runtime.Gosched()
				atomic.AddInt64(&running, -1)
				atomic.AddInt64(&got, 1)
				<-tokens
				wg.Done()
			}()
		}
		wg.Wait()
	}
	if most > limit {
		return -1
	}
	return int(got)
}
