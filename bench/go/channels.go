package main

import (
	"sync"
	"sync/atomic"
)

var sink chan int

// makeChannel is MakeChan/Int.
func makeChannel(n int) int {
	for i := 0; i < n; i++ {
		sink = make(chan int, 8)
	}
	return n
}

// uncontended is ChanUncontended; one operation is a send and a receive.
func uncontended(n int) int {
	const size = 100
	c := make(chan int, size)
	return fillAndDrain(c, n, size)
}

// contended is ChanContended by four goroutines, whatever GOMAXPROCS says.
func contended(n int) int {
	const size, by = 100, 4
	c := make(chan int, size*by)
	total := make(chan int, by)
	for p := 0; p < by; p++ {
		go func() { total <- fillAndDrain(c, n/by, size) }()
	}
	sum := 0
	for p := 0; p < by; p++ {
		sum += <-total
	}
	return sum
}

func fillAndDrain(c chan int, n, size int) int {
	got := 0
	for done := 0; done < n; done += size {
		for i := 0; i < size; i++ {
			c <- 1
		}
		for i := 0; i < size; i++ {
			got += <-c
		}
	}
	return got
}

// sync2 is ChanSync: two goroutines take turns on one channel; one operation is a send and a receive of one of them.
func sync2(n int) int {
	c := make(chan int)
	total := make(chan int, 2)
	go func() {
		got := 0
		for i := 0; i < n/2; i++ {
			got += <-c
			c <- 1
		}
		total <- got
	}()
	go func() {
		got := 0
		for i := 0; i < n/2; i++ {
			c <- 1
			got += <-c
		}
		total <- got
	}()
	return <-total + <-total
}

// stream is ChanProdCons without local work: 1 is a value, 0 is the end.
func stream(n, capacity int) int {
	c := make(chan int, capacity)
	total := make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			c <- 1
		}
		c <- 0
	}()
	go func() {
		got := 0
		for {
			v := <-c
			if v == 0 {
				break
			}
			got += v
		}
		total <- got
	}()
	return <-total
}

// rangeOver streams 0..n-1 and ends by closing the channel.
func rangeOver(n, capacity int) int {
	c := make(chan int, capacity)
	total := make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			c <- i
		}
		close(c)
	}()
	go func() {
		got := 0
		for v := range c {
			if v != got {
				break
			}
			got++
		}
		total <- got
	}()
	return <-total
}

// semaphore is ChanSem: a channel of capacity one taken and given back.
func semaphore(n int) int {
	c := make(chan struct{}, 1)
	got := 0
	for i := 0; i < n; i++ {
		c <- struct{}{}
		<-c
		got++
	}
	return got
}

// closed is ChanClosed: a receive with a default from a closed channel.
func closed(n int) int {
	c := make(chan struct{})
	close(c)
	got := 0
	for i := 0; i < n; i++ {
		select {
		case <-c:
			got++
		default:
		}
	}
	return got
}

// pingPong: one operation is a round trip over two unbuffered channels.
func pingPong(n int) int {
	ping, pong := make(chan int), make(chan int)
	total := make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
		close(pong)
	}()
	go func() {
		got := 0
		for i := 0; i < n; i++ {
			ping <- i
			if <-pong == i {
				got++
			}
		}
		close(ping)
		total <- got
	}()
	return <-total
}

// popular is ChanPopular: 1000 goroutines select over a common channel and their own; one operation is one send.
func popular(n int) int {
	const goroutines = 1000
	c := make(chan int)
	own := make([]chan int, goroutines)
	var wg sync.WaitGroup
	wg.Add(goroutines)
	var got int64
	for j := range own {
		d := make(chan int)
		own[j] = d
		go func() {
			mine := 0
			for i := 0; i < n/goroutines; i++ {
				select {
				case <-c:
				case v := <-d:
					mine += v
				}
			}
			atomic.AddInt64(&got, int64(mine))
			wg.Done()
		}()
	}
	for i := 0; i < n/goroutines; i++ {
		for _, d := range own {
			d <- 1
		}
	}
	wg.Wait()
	return int(got)
}
