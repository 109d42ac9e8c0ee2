package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

func init() {
	for _, stages := range []int{1, 3, 10} {
		stages := stages
		probes["pipe-peak-"+strconv.Itoa(stages)] = func(n int) (float64, int) { return watched(n, stages, 0, resident) }
	}
	probes["pipe-slow"] = func(n int) (float64, int) { return watched(n, 3, 1000, resident) }
	probes["pipe-slow-kept"] = func(n int) (float64, int) { return watched(n, 3, 1000, kept) }
}

// watched returns by how many MB the measure was at most above its start while an endless source went through moving
// stages and n values arrived. After `turn` values the consumer lets everybody else run.
func watched(n, stages, turn int, measure func() float64) (float64, int) {
	runtime.GC()
	before, most := measure(), 0.0
	done, source := make(chan struct{}), make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case source <- i:
			case <-done:
				return
			}
		}
	}()
	out := source
	for i := 0; i < stages; i++ {
		out = orDone(done, out)
	}
	got := 0
	for ; got < n && <-out == got; got++ {
		if turn > 0 && got%turn == 0 {
			runtime.Gosched()
		}
		if got%(n/16) == 0 {
			if now := measure() - before; now > most {
				most = now
			}
		}
	}
	close(done)
	return most, got
}

func kept() float64 { return float64(memory()) / 1e6 }

// resident is what the process has in memory now, in MB.
func resident() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return kept()
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return float64(pages*os.Getpagesize()) / 1e6
}
