"""Lengths and texts, as block kit counts them."""

from __future__ import annotations

from typing import Any


def text(value: Any, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    """A text object of one of these kinds, with 1 to `limit` characters."""
    if not isinstance(value, dict) or value.get("type") not in kinds:
        return False
    extra = {"verbatim"} if value["type"] == "mrkdwn" else {"emoji"}
    return not set(value) - {"type", "text"} - extra and between(value.get("text"), 1, limit)


def plain(value: Any, limit: int) -> bool:
    return text(value, limit, kinds=("plain_text",))


def some(value: Any, most: int) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= most


def between(value: Any, least: int, most: int) -> bool:
    return isinstance(value, str) and least <= len(value) <= most


def fits(item: dict[str, Any], name: str, least: int, most: int) -> bool:
    """Left out, or a text of this length."""
    return name not in item or between(item[name], least, most)
