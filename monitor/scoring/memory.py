"""What was found out about words and signs, remembered: people write with few different ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeVar

Found = TypeVar("Found")


class Memory(dict[str, Found], ABC):
    """Key -> what it comes to, worked out when first met.

    When full it begins anew, and takes over what is asked for again from what it held before: so no stream of texts
    fills it, and common words are not worked out twice.
    """

    CAPACITY: ClassVar[int] = 25_000
    """Keys; twice as many are held at most."""
    LONGEST: ClassVar[int] = 40
    """Characters of a key; what is longer is seldom met again."""

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, Found] = {}

    @abstractmethod
    def find(self, key: str, /) -> Found:
        """What `key` comes to."""

    def __missing__(self, key: str) -> Found:
        found = self._former[key] if key in self._former else self.find(key)
        if len(key) <= self.LONGEST:
            if len(self) >= self.CAPACITY:
                self._former = dict(self)
                self.clear()
            self[key] = found
        return found
