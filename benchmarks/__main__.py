"""`make bench`: every benchmark in turn, raw rates and ratios of one run. Name some to run only those."""

from __future__ import annotations

import sys
from importlib import import_module

from monitor import logs

ALL = ("scoring", "ingest", "storage", "feeds", "delivery", "clocks", "clicks", "spikes", "digest")


def main() -> None:
    logs.configure(0, told=True)
    for name in sys.argv[1:] or ALL:
        print(f"\n── {name} " + "─" * (76 - len(name)), flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
