"""Benchmark: how fast the service is, compared with the same data work on a bare application; run with `make bench`."""
