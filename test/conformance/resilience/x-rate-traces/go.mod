module warren/rate-traces

go 1.24

require golang.org/x/time v0.15.0
