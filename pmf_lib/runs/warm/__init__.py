"""Warm items: a process that has the stack imported forks each item, and each item's kernel, as a clean child.

`server` is that process, `client` speaks to it, `child` is what it forks, `provisioner` gives its kernels to anything
that asks jupyter_client for one. Where fork is not to be had, everything starts cold, as a process of its own.
"""
