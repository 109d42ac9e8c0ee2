package main

import "time"

// selectUncontended is SelectUncontended: one goroutine, a token moves between two channels.
func selectUncontended(n int) int {
	a, b := make(chan int, 1), make(chan int, 1)
	a <- 0
	return moveToken(a, b, n)
}

// selectAsyncContended is SelectAsyncContended by four goroutines.
func selectAsyncContended(n int) int {
	const by = 4
	a, b := make(chan int, by), make(chan int, by)
	total := make(chan int, by)
	for p := 0; p < by; p++ {
		go func() {
			a <- 0
			total <- moveToken(a, b, n/by)
		}()
	}
	sum := 0
	for p := 0; p < by; p++ {
		sum += <-total
	}
	return sum
}

func moveToken(a, b chan int, n int) int {
	got := 0
	for i := 0; i < n; i++ {
		select {
		case <-a:
			b <- 0
		case <-b:
			a <- 0
		}
		got++
	}
	return got
}

// selectSyncContended is SelectSyncContended by two pairs: senders and receivers both select, over three channels.
func selectSyncContended(n int) int {
	const pairs = 2
	a, b, c := make(chan int), make(chan int), make(chan int)
	done := make(chan int)
	total := make(chan int, pairs)
	for p := 0; p < pairs; p++ {
		go func() {
			for {
				select {
				case a <- 1:
				case b <- 1:
				case c <- 1:
				case <-done:
					return
				}
			}
		}()
		go func() {
			got := 0
			for i := 0; i < n/pairs; i++ {
				select {
				case v := <-a:
					got += v
				case v := <-b:
					got += v
				case v := <-c:
					got += v
				}
			}
			total <- got
		}()
	}
	sum := 0
	for p := 0; p < pairs; p++ {
		sum += <-total
	}
	close(done)
	return sum
}

// selectProdCons is SelectProdCons without local work: both ends select with a timer and a quit channel.
func selectProdCons(n int) int {
	c := make(chan int, 128)
	quit := make(chan int)
	total := make(chan int)
	go func() {
		timer := time.After(time.Hour)
		for i := 0; i < n; i++ {
			select {
			case c <- 1:
			case <-timer:
			case <-quit:
			}
		}
		c <- 0
	}()
	go func() {
		timer := time.After(time.Hour)
		got := 0
	loop:
		for {
			select {
			case v := <-c:
				if v == 0 {
					break loop
				}
				got += v
			case <-timer:
			case <-quit:
			}
		}
		total <- got
	}()
	return <-total
}

// selectNonblock is SelectNonblock: four selects of one case and a default, none of them ready but the last.
func selectNonblock(n int) int {
	a, b := make(chan int), make(chan int)
	c, d := make(chan int, 1), make(chan int, 1)
	got := 0
	for i := 0; i < n; i++ {
		select {
		case <-a:
			got--
		default:
		}
		select {
		case b <- 0:
			got--
		default:
		}
		select {
		case <-c:
			got--
		default:
		}
		select {
		case d <- 0:
		default:
		}
		got++
	}
	return got
}

// selectDefault polls two empty channels.
func selectDefault(n int) int {
	a, b := make(chan int, 1), make(chan int, 1)
	got := 0
	for i := 0; i < n; i++ {
		select {
		case <-a:
		case <-b:
		default:
			got++
		}
	}
	return got
}

// selectTwo: two producers on two unbuffered channels, one consumer that selects; one operation is one value.
func selectTwo(n int) int {
	a, b := make(chan int), make(chan int)
	total := make(chan int)
	produce := func(c chan int) {
		for i := 0; i < n/2; i++ {
			c <- 1
		}
	}
	go produce(a)
	go produce(b)
	go func() {
		got := 0
		for i := 0; i < n; i++ {
			select {
			case v := <-a:
				got += v
			case v := <-b:
				got += v
			}
		}
		total <- got
	}()
	return <-total
}
