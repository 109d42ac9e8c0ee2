module warren/bench

go 1.19
