"""How the look-alike misbehaves: by script (the next such call), or at random with a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

HOWS = ("drop", "reset", "timeout", "500", "502", "503", "429", "html", "torso", "cut")
"""`drop`: close without an answer. `reset`: RST. `timeout`: no answer until the caller gives up.
A number: that status. `html`: a web page with status 200. `torso`: the connection ends inside the body.
`cut`: a whole answer whose JSON breaks off. `error:<code>` answers ok=false with that code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour. `after`: the write happened all the same; otherwise nothing was stored."""

    how: str
    after: bool = False
    method: str = ""
    """Only calls of this method; empty: any."""
    retry_after: str | None = "1"
    """The header of a 429; None leaves it out."""
    body: str = ""
    """What `how == "body"` answers with."""

    def __str__(self) -> str:
        return f"{self.how} {'after' if self.after else 'before'}"


@dataclass(slots=True)
class Faults:
    """What goes wrong next. Scripted faults come first, in order, each as often as it was asked for."""

    script: list[Fault] = field(default_factory=list)
    down: bool = False
    """All of Slack is away: every call is a 503, and nothing is stored."""
    share: float = 0.0
    hows: Sequence[str] = ("drop", "reset", "timeout", "500", "503", "429", "html", "torso")
    methods: Sequence[str] = ()
    """Random faults strike these methods only; empty: all."""
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - repeatable, no secret

    def next(self, method: str) -> Fault | None:
        if self.down:
            return Fault("503")
        for at, fault in enumerate(self.script):
            if fault.method in ("", method):
                return self.script.pop(at)
        if self.methods and method not in self.methods:
            return None
        if self.dice.random() >= self.share:
            return None
        how = self.dice.choice(list(self.hows))
        # A 429 that had stored the message would be a lie that Slack is not known to tell.
        return Fault(how, after=how != "429" and self.dice.random() < 0.5)
