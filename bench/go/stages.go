package main

import "sync"

// The stages of the pipelines, each a goroutine of its own.

func numbers(values int) chan int {
	out := make(chan int)
	go func() {
		for i := 0; i < values; i++ {
			out <- i
		}
		close(out)
	}()
	return out
}

func move(in chan int, capacity int) chan int {
	out := make(chan int, capacity)
	go func() {
		for v := range in {
			out <- v
		}
		close(out)
	}()
	return out
}

// orDone ends when done is closed, whether it receives or sends.
func orDone(done chan struct{}, in chan int) chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for {
			select {
			case <-done:
				return
			case v, ok := <-in:
				if !ok {
					return
				}
				select {
				case out <- v:
				case <-done:
					return
				}
			}
		}
	}()
	return out
}

func apply(in chan int, fn func(int) int) chan int {
	out := make(chan int)
	go func() {
		for v := range in {
			out <- fn(v)
		}
		close(out)
	}()
	return out
}

func filterBy(in chan int, keep func(int) bool) chan int {
	out := make(chan int)
	go func() {
		for v := range in {
			if keep(v) {
				out <- v
			}
		}
		close(out)
	}()
	return out
}

func pool(in chan int, fn func(int) int) chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Add(16)
	for i := 0; i < 16; i++ {
		go func() {
			for v := range in {
				out <- fn(v)
			}
			wg.Done()
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

// futures keeps the order: a goroutine for each value and a queue of the channels they answer on. The queue's writer and
// its reader hold one more each, so that 14 and 2 are 16 at a time.
func futures(in chan int, fn func(int) int) chan int {
	queue := make(chan chan int, 14)
	out := make(chan int)
	go func() {
		for v := range in {
			future := make(chan int, 1)
			go func(v int) { future <- fn(v) }(v)
			queue <- future
		}
		close(queue)
	}()
	go func() {
		for future := range queue {
			out <- <-future
		}
		close(out)
	}()
	return out
}

func tee(in chan int) []chan int {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range in {
			left, right := a, b
			for i := 0; i < 2; i++ {
				select {
				case left <- v:
					left = nil
				case right <- v:
					right = nil
				}
			}
		}
		close(a)
		close(b)
	}()
	return []chan int{a, b}
}

func merge(chans ...chan int) chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Add(len(chans))
	for _, c := range chans {
		go func(c chan int) {
			for v := range c {
				out <- v
			}
			wg.Done()
		}(c)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}
