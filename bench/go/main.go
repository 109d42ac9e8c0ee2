// The Go side of the benchmarks: one process runs one scenario and prints one JSON line.
//
//	go build -o rival . && GOMAXPROCS=1 ./rival -scenario ping-pong
//
// The scenarios named after benchmarks of Go's runtime/chan_test.go do the same work, in our own words.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sort"
	"syscall"
	"time"
)

// A batch does n operations and returns how many it has counted.
type batch func(n int) int

// A probe measures something other than time per operation: bytes, milliseconds.
type probe func(n int) (value float64, counted int)

type result struct {
	Rival    string    `json:"rival"`
	Version  string    `json:"version"`
	Scenario string    `json:"scenario"`
	Value    float64   `json:"value"`
	Ops      int       `json:"ops"`
	Samples  []float64 `json:"samples,omitempty"`
	Trouble  string    `json:"trouble,omitempty"`
}

var (
	scenario = flag.String("scenario", "", "what to run")
	count    = flag.Int("count", 0, "operations of a scenario with a fixed size")
	step     = flag.Int("step", 1, "operations come in multiples of this")
	warmup   = flag.Float64("warmup", 150, "milliseconds of warm-up")
	sampleMs = flag.Float64("sample", 20, "milliseconds of one sample")
	clock    = flag.String("clock", "cpu", "cpu: the processor time of all threads; or wall")
	samples  = flag.Int("samples", 6, "how many samples")
)

func main() {
	flag.Parse()
	out := result{Rival: "go", Version: runtime.Version(), Scenario: *scenario}
	if b, ok := batches[*scenario]; ok {
		measure(b, &out)
	} else if p, ok := probes[*scenario]; ok {
		out.Value, out.Ops = p(*count)
		if out.Ops != *count {
			out.Trouble = fmt.Sprintf("counted %d of %d", out.Ops, *count)
		}
	} else {
		out.Trouble = "no such scenario"
	}
	json.NewEncoder(os.Stdout).Encode(out)
}

// measure finds a batch size worth one sample, then takes the lower quartile of some samples.
func measure(b batch, out *result) {
	n := *step
	if *count > 0 {
		n = *count
	}
	began := time.Now()
	for {
		took := timed(b, n, out)
		if out.Trouble != "" {
			return
		}
		if *count == 0 && took < *sampleMs*0.7 {
			grow := *sampleMs / (took + 0.001)
			if grow > 8 {
				grow = 8
			}
			n = (int(float64(n)*grow)/(*step) + 1) * (*step)
		}
		if ms(time.Since(began)) >= *warmup && (*count > 0 || took >= *sampleMs/2) {
			break
		}
	}
	for i := 0; i < *samples; i++ {
		out.Samples = append(out.Samples, timed(b, n, out)*1e6/float64(n))
	}
	sort.Float64s(out.Samples)
	out.Value = out.Samples[(len(out.Samples)-1)/4]
	out.Ops = n
}

func timed(b batch, n int, out *result) float64 {
	start, startCPU := time.Now(), cpuTime()
	got := b(n)
	took := ms(time.Since(start))
	if *clock == "cpu" {
		took = ms(cpuTime() - startCPU)
	}
	if got != n {
		out.Trouble = fmt.Sprintf("counted %d of %d", got, n)
	}
	return took
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

var batches = map[string]batch{
	"make":                   makeChannel,
	"uncontended":            uncontended,
	"contended":              contended,
	"sync":                   sync2,
	"prod-cons-0":            func(n int) int { return stream(n, 0) },
	"prod-cons-10":           func(n int) int { return stream(n, 10) },
	"prod-cons-100":          func(n int) int { return stream(n, 100) },
	"sem":                    semaphore,
	"closed":                 closed,
	"ping-pong":              pingPong,
	"unbuffered":             func(n int) int { return rangeOver(n, 0) },
	"capacity-100":           func(n int) int { return rangeOver(n, 100) },
	"range-100":              func(n int) int { return rangeOver(n, 100) },
	"batch-100":              func(n int) int { return rangeOver(n, 100) },
	"batch-receive":          func(n int) int { return rangeOver(n, 100) },
	"select-uncontended":     selectUncontended,
	"select-sync-contended":  selectSyncContended,
	"select-async-contended": selectAsyncContended,
	"select-prod-cons":       selectProdCons,
	"select-nonblock":        selectNonblock,
	"select-default":         selectDefault,
	"select-two":             selectTwo,
	"popular":                popular,
	"spawn-join":             spawnJoin,
	"spawn-many":             spawnMany,
	"gosched":                gosched,
	"mutex-free":             mutexFree,
	"mutex-contended":        mutexContended,
	"limit-10":               limitTen,
	"sieve":                  sieve,
	"skynet":                 skynetBatch,
}

var probes = map[string]probe{
	"parked":           parked,
	"select-growth":    selectGrowth,
	"cancel-100":       func(n int) (float64, int) { return cancelAmong(n, 100) },
	"cancel-100000":    func(n int) (float64, int) { return cancelAmong(n, 100_000) },
	"timer-unbuffered": func(n int) (float64, int) { return timerUnderLoad(n, 0) },
	"timer-buffered":   func(n int) (float64, int) { return timerUnderLoad(n, 1) },
	"timer-settled":    timerUnderSettled,
}
