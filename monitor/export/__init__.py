"""Taking out what is remembered, for spreadsheets and other programs."""

from monitor.export.run import FORMATS, Format, export

__all__ = ["FORMATS", "Format", "export"]
