"""One call of the Web API: its arguments, the rights of its token, and how it is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """Slack's `ok: false`. `extra` joins the answer; `retry_after` (whole seconds) makes it a 429."""

    def __init__(self, code: str, *, retry_after: int | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.extra = extra


def invalid_arguments(*words: str) -> Refusal:
    """Slack tells in `response_metadata` what it did not like."""
    return Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {word}" for word in words]})


class Call:
    """Arguments as Slack reads them: form bodies carry everything, JSON too, as text."""

    def __init__(self, args: Mapping[str, Any], scopes: frozenset[str], page: int = 100) -> None:
        self._args = args
        self._scopes = scopes
        self._page = page

    def __contains__(self, name: str) -> bool:
        return self._args.get(name) not in (None, "")

    def text(self, name: str) -> str:
        value = self._args.get(name)
        return "" if value is None else str(value)

    def truth(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true")

    def whole(self, name: str, nothing: Any) -> Any:
        """A JSON value. What is no JSON stays text, for whoever checks it to refuse."""
        value = self._args.get(name)
        if value is None or value == "":
            return nothing
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def moment(self, name: str, default: float) -> float:
        """A ts as Unix seconds."""
        if name not in self:
            return default
        try:
            return float(self.text(name))
        except ValueError:
            raise Refusal(f"invalid_ts_{name}") from None

    def requires(self, names: Sequence[str]) -> None:
        """An empty argument is there, and is refused by the method itself."""
        missing = [name for name in names if self._args.get(name) is None]
        if missing:
            raise invalid_arguments(*(f"missing required field: {name}" for name in missing))

    def needs(self, *scopes: str) -> None:
        """Any one of them will do."""
        if not self._scopes.intersection(scopes):
            provided = ",".join(sorted(self._scopes))
            raise Refusal("missing_scope", needed=",".join(scopes), provided=provided)

    def part(self, rows: list[Any]) -> tuple[list[Any], str]:
        """The rows that `cursor` and `limit` ask for, and the cursor of the next: empty at the end."""
        try:
            start = int((self.text("cursor") or "at:0").removeprefix("at:"))
        except ValueError:
            raise Refusal("invalid_cursor") from None
        try:
            size = min(int(self.text("limit") or 100), self._page)
        except ValueError:
            raise Refusal("invalid_limit") from None
        end = start + max(1, size)
        return rows[start:end], f"at:{end}" if end < len(rows) else ""
