"""How fast the service is, beside what the same data work costs bare; `make bench` runs all of it."""
