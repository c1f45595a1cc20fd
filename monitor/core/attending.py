"""Which processes listen to the desk now, as the transaction keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from monitor.core.gestures import Listener


class Attending(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def attend(self, listener: Listener) -> None:
        """Note how this process's line is doing."""
        ...

    def leave(self, holder: str) -> None:
        """This process listens no more."""
        ...

    def listeners(self, since: datetime) -> list[Listener]:
        """Who said so since then, by name. Those of before are forgotten by the next `attend`: they died."""
        ...
