"""The command line: `complaint-monitor COMMAND`. Exit codes: 0 done, 1 failed, 2 usage, 78 settings."""

from monitor.cli.app import main

__all__ = ["main"]
