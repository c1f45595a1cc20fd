"""The settings: `load` reads them, `Settings` holds them, `Tables` is their form."""

from monitor.settings.reading import FILE, Settings, load, place_of, token_of
from monitor.settings.tables import FeedSection, Tables

__all__ = [
    "FILE",
    "FeedSection",
    "Settings",
    "Tables",
    "load",
    "place_of",
    "token_of",
]
