"""How often each method may be called: https://docs.slack.dev/apis/web-api/rate-limits

The documented numbers are floors ("50+ per minute"); the look-alike takes them for ceilings, because a program
that stays below them is safe. They hold for each method, app and workspace.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from alerts.testing.call import Refusal

WINDOW = 60.0
"""Seconds over which calls are counted."""
TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
"""Calls in one window."""
PER_MINUTE = {
    "apps.connections.open": TIER_3,
    "auth.test": 600,  # "special": hundreds each minute
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": 300,  # "special": several hundred over the workspace, and one a second to a channel
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.replies": TIER_3,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""chat.getPermalink is not limited: its documentation names no number."""


@dataclass(slots=True)
class Tiers:
    """Counts calls in a sliding window. `per_minute` may be changed by a test; `refused` counts the 429s."""

    now: Callable[[], float]
    per_minute: dict[str, int] = field(default_factory=lambda: dict(PER_MINUTE))
    refused: Counter[str] = field(default_factory=Counter)
    _recent: dict[str, deque[float]] = field(default_factory=dict)
    _paced: dict[str, float] = field(default_factory=dict)

    def admit(self, method: str) -> None:
        """Count one call. Raises Refusal, with the whole seconds until the window has room."""
        most = self.per_minute.get(method)
        if most is None:
            return
        now = self.now()
        recent = self._recent.setdefault(method, deque())
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if len(recent) >= most:
            self._refuse(method, recent[0] + WINDOW - now)
        recent.append(now)

    def pace(self, channel: str, least: float | None) -> None:
        """Keep `least` seconds between two posts to one channel. Raises Refusal."""
        now, last = self.now(), self._paced.get(channel)
        if least is not None and last is not None and now - last < least:
            self._refuse("chat.postMessage", least - (now - last))
        self._paced[channel] = now

    def _refuse(self, method: str, wait: float) -> None:
        self.refused[method] += 1
        raise Refusal("ratelimited", retry_after=max(1, math.ceil(wait)))
