"""``python -m pmf_lib.cli``."""

from pmf_lib.cli import main

main()
