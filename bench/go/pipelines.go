package main

import (
	"runtime"
	"strconv"
	"sync"
	"time"
)

// A pipeline carries 0, 1, 2, ...; one operation is one value in one stage: a chain of s stages carries n/s values.
func init() {
	for _, stages := range []int{1, 3, 10} {
		stages, name := stages, strconv.Itoa(stages)
		batches["pipe-move-"+name] = func(n int) int { return moved(n, stages, 0) }
		batches["pipe-iterable-"+name] = batches["pipe-move-"+name]
		batches["pipe-map-"+name] = func(n int) int { return mapped(n, stages) }
	}
	batches["pipe-used-move"], batches["pipe-used-iterable"] = batches["pipe-move-10"], batches["pipe-move-10"]
	batches["pipe-or-done-10"] = orDoneTen
	batches["pipe-buffer-3"] = func(n int) int { return moved(n, 3, 100) }
	batches["pipe-parallel"] = func(n int) int { return parallel(n, pool) }
	batches["pipe-pool"] = batches["pipe-parallel"]
	batches["pipe-parallel-ordered"] = func(n int) int { return parallel(n, futures) }
	batches["pipe-tee-merge"] = teeMerge
	batches["pipe-bridge"] = bridgeMany
	batches["pipe-batch"] = func(n int) int { return batched(n, nil) }
	batches["pipe-batch-within"] = func(n int) int {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		return batched(n, ticker.C)
	}
}

// verdict drains c and wants all values, each grown by `grown`.
func verdict(n, values, grown int, c chan int) int {
	got, sum := 0, 0
	for v := range c {
		got++
		sum += v
	}
	if got != values || sum != values*(values-1)/2+values*grown {
		return -got
	}
	return n
}

func moved(n, stages, capacity int) int {
	c := numbers(n / stages)
	for i := 0; i < stages; i++ {
		c = move(c, capacity)
	}
	return verdict(n, n/stages, 0, c)
}

func orDoneTen(n int) int {
	done := make(chan struct{})
	defer close(done)
	c := numbers(n / 10)
	for i := 0; i < 10; i++ {
		c = orDone(done, c)
	}
	return verdict(n, n/10, 0, c)
}

// mapped: additions and filters in turn; the filters keep everything.
func mapped(n, stages int) int {
	c := numbers(n / stages)
	for i := 0; i < stages; i++ {
		if i%2 == 0 {
			c = apply(c, func(v int) int { return v + 1 })
		} else {
			c = filterBy(c, func(v int) bool { return v >= 0 })
		}
	}
	return verdict(n, n/stages, (stages+1)/2, c)
}

// parallel: a function that lets the others run once, at most 16 of it at a time.
func parallel(n int, run func(in chan int, fn func(int) int) chan int) int {
	running, most := 0, 0
	var mu sync.Mutex
	got := verdict(n, n, 1, run(numbers(n), func(v int) int {
		mu.Lock()
		running++
		if running > most {
			most = running
		}
		mu.Unlock()
		runtime.Gosched()
		mu.Lock()
		running--
		mu.Unlock()
		return v + 1
	}))
	if most > 16 {
		return -1
	}
	return got
}

// teeMerge: every value goes to both halves, and both halves into one channel again.
func teeMerge(n int) int {
	got, sum := 0, 0
	for v := range merge(tee(numbers(n))...) {
		got++
		sum += v
	}
	if got != 2*n || sum != n*(n-1) {
		return -got
	}
	return n
}

// bridgeMany reads a channel of channels of ten values.
func bridgeMany(n int) int {
	chans := make(chan chan int)
	go func() {
		for i := 0; i < n; i += 10 {
			small := make(chan int, 10)
			for v := i; v < i+10; v++ {
				small <- v
			}
			close(small)
			chans <- small
		}
		close(chans)
	}()
	out := make(chan int)
	go func() {
		for c := range chans {
			for v := range c {
				out <- v
			}
		}
		close(out)
	}()
	return verdict(n, n, 0, out)
}

// batched: slices of 100; what is there at a tick goes as it is.
func batched(n int, tick <-chan time.Time) int {
	in, out := numbers(n), make(chan []int)
	go func() {
		values := make([]int, 0, 100)
		for in != nil {
			select {
			case v, ok := <-in:
				if !ok {
					in = nil
				} else if values = append(values, v); len(values) < 100 {
					continue
				}
			case <-tick:
			}
			if len(values) > 0 {
				out <- values
				values = make([]int, 0, 100)
			}
		}
		close(out)
	}()
	got, sum := 0, 0
	for values := range out {
		for _, v := range values {
			got++
			sum += v
		}
	}
	if got != n || sum != n*(n-1)/2 {
		return -got
	}
	return n
}
