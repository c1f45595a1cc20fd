"""Which methods of Slack's the product calls, read from its source: whoever calls a new one need tell no test."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import alerts.slack
from alerts.testing.web import CONNECT, METHODS

KNOWN = {*METHODS, CONNECT}
FAMILIES = {name.split(".")[0] for name in KNOWN} | {"files", "reactions", "pins", "bots", "team", "search"}


@cache
def used() -> frozenset[str]:
    """By the words in which `alerts.slack` names them."""
    folder = Path(str(alerts.slack.__file__)).parent
    return frozenset(method for path in folder.glob("*.py") for method in _named(path))


def _named(path: Path) -> set[str]:
    words = (node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_text(node))
    return {word for word in words if word.split(".")[0] in FAMILIES and _looks_like_one(word)}


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _looks_like_one(word: str) -> bool:
    parts = word.split(".")
    return len(parts) > 1 and all(part.isalpha() for part in parts)
