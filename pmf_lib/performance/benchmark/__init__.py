"""Benchmarks: a council's figures beside others', by band, rank, distance from the median and interval."""

from pmf_lib.performance.benchmark.bands import band
from pmf_lib.performance.benchmark.beside import benchmark
from pmf_lib.performance.benchmark.intervals import against, poisson, wilson
from pmf_lib.performance.benchmark.options import DEFAULT, BenchmarkOptions, BenchmarkScheme
from pmf_lib.performance.benchmark.ranks import rank
from pmf_lib.performance.benchmark.standing import standing

__all__ = [
    "DEFAULT",
    "BenchmarkOptions",
    "BenchmarkScheme",
    "against",
    "band",
    "benchmark",
    "poisson",
    "rank",
    "standing",
    "wilson",
]
