"""Benchmarks: ``python -m tests.bench`` prints ratios measured within one run, as a table and as JSON."""
