"""What was found out about words and signs, remembered: people write with few different ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeVar

Found = TypeVar("Found")


class Memory(dict[str, Found], ABC):
    """Key -> what it comes to, worked out when first met. Emptied when full, so that no stream of texts fills it."""

    CAPACITY: ClassVar[int] = 50_000
    LONGEST: ClassVar[int] = 40
    """Characters of a key; what is longer is seldom met again."""

    @abstractmethod
    def find(self, key: str, /) -> Found:
        """What `key` comes to."""

    def __missing__(self, key: str) -> Found:
        found = self.find(key)
        if len(key) <= self.LONGEST:
            if len(self) >= self.CAPACITY:
                self.clear()
            self[key] = found
        return found
