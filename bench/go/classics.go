package main

// How far the sieve counts, and how many primes it must find below that.
const sieveLimit, sievePrimes = 2000, 303

// sieve: the chain of filters over unbuffered channels; one operation is one number tried.
func sieve(n int) int {
	got := 0
	for got < n {
		source := make(chan int)
		go func(out chan int) {
			for i := 2; i < sieveLimit; i++ {
				out <- i
			}
			close(out)
		}(source)
		primes := 0
		for {
			prime, ok := <-source
			if !ok {
				break
			}
			primes++
			out := make(chan int)
			go func(in, out chan int) {
				for v := range in {
					if v%prime != 0 {
						out <- v
					}
				}
				close(out)
			}(source, out)
			source = out
		}
		if primes != sievePrimes {
			return -1
		}
		got += sieveLimit - 2
	}
	return got
}

// skynetBatch: a tree of goroutines, ten children each, whose leaves send their number up; n counts all goroutines.
func skynetBatch(n int) int {
	leaves := 1
	for total := 1; total < n; total += leaves {
		leaves *= 10
	}
	c := make(chan int)
	go skynet(c, 0, leaves)
	if <-c != leaves*(leaves-1)/2 {
		return -1
	}
	return n
}

func skynet(up chan int, first, size int) {
	if size == 1 {
		up <- first
		return
	}
	c := make(chan int)
	for i := 0; i < 10; i++ {
		go skynet(c, first+i*size/10, size/10)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-c
	}
	up <- sum
}
