package main

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// parked returns the bytes of one goroutine that waits for a channel.
func parked(n int) (float64, int) {
	c := make(chan int)
	var wg sync.WaitGroup
	wg.Add(n)
	var started, got int64
	before := memory()
	for i := 0; i < n; i++ {
		go func() {
			atomic.AddInt64(&started, 1)
			if _, ok := <-c; !ok {
				atomic.AddInt64(&got, 1)
			}
			wg.Done()
		}()
	}
	for atomic.LoadInt64(&started) < int64(n) {
		runtime.Gosched()
	}
	bytes := float64(memory()-before) / float64(n)
	close(c)
	wg.Wait()
	return bytes, int(got)
}

func memory() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.StackInuse + stats.HeapAlloc)
}

// selectGrowth returns the bytes that one select on a long-lived context leaves behind.
func selectGrowth(n int) (float64, int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	total := make(chan int)
	round := func() int {
		go func() {
			for i := 0; i < n; i++ {
				c <- 1
			}
		}()
		go func() {
			got := 0
			for i := 0; i < n; i++ {
				select {
				case v := <-c:
					got += v
				case <-ctx.Done():
				}
			}
			total <- got
		}()
		return <-total
	}
	round()
	before := memory()
	got := round()
	return float64(memory()-before) / float64(n), got
}

// timerUnderLoad returns by how many milliseconds the latest of n timers of 5 ms was late while a ping-pong kept the processor busy.
func timerUnderLoad(n, capacity int) (float64, int) {
	ping, pong := make(chan int, capacity), make(chan int, capacity)
	over := make(chan bool)
	var stop atomic.Bool
	go func() {
		for v := range ping {
			pong <- v
		}
		over <- true
	}()
	go func() {
		for !stop.Load() {
			ping <- 1
			<-pong
		}
		close(ping)
	}()
	worst := latest(n)
	stop.Store(true)
	<-over
	return worst, n
}

// timerUnderSettled is the same under sends and receives that never wait.
func timerUnderSettled(n int) (float64, int) {
	c := make(chan int, 1)
	over := make(chan bool)
	var stop atomic.Bool
	go func() {
		for !stop.Load() {
			c <- 1
			<-c
		}
		over <- true
	}()
	worst := latest(n)
	stop.Store(true)
	<-over
	return worst, n
}

func latest(n int) float64 {
	worst := 0.0
	for i := 0; i < n; i++ {
		start := time.Now()
		<-time.After(5 * time.Millisecond)
		if late := ms(time.Since(start)) - 5; late > worst {
			worst = late
		}
	}
	return worst
}

// cancelAmong cancels, one after the other, n receives which stand in the middle of a queue of `waiting`.
func cancelAmong(n, waiting int) (float64, int) {
	c, woken := make(chan int), make(chan int, n)
	var wg sync.WaitGroup
	wg.Add(waiting)
	wait := func() {
		<-c
		wg.Done()
	}
	waitUnder := func(ctx context.Context) {
		select {
		case <-c:
		case <-ctx.Done():
			woken <- 1
		}
	}
	for i := 0; i < waiting/2; i++ {
		go wait()
	}
	cancels := make([]context.CancelFunc, n)
	for i := range cancels {
		ctx, cancel := context.WithCancel(context.Background())
		cancels[i] = cancel
		go waitUnder(ctx)
	}
	for i := 0; i < waiting/2; i++ {
		go wait()
	}
	for i := 0; i < 10; i++ {
		runtime.Gosched()
	}
	got := 0
	start := time.Now()
	for _, cancel := range cancels {
		cancel()
		got += <-woken
	}
	value := ms(time.Since(start)) * 1e6 / float64(n)
	close(c)
	wg.Wait()
	return value, got
}
