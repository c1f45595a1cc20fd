"""Are the broken expectations named rightly? Scored by what people wrote a post is about, through a mapping.

A set's mapping says for each aspect which expectations would be a right answer, or null: it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.core.errors import ConfigError
from monitor.core.metrics import harmonic, share
from monitor.core.severity_rules import WITH

EXPECTATIONS = frozenset(WITH)
FIRST = 2
"""How many of the named expectations may hit an aspect: what a person sees at the head of a card."""

Mapped = Mapping[str, frozenset[str] | None]
"""Aspect -> the expectations that are a right answer for it; None: says nothing."""

_MARK = re.compile(r"(?:\.(-1|0|1)|:(negative|positive|neutral))\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """How well the named expectations agree with the aspects. Shares from 0 to 1."""

    precision: float
    recall: float
    f1: float
    aspects: int
    """How many there were to hit."""
    unknown: tuple[str, ...] = ()
    """Negative aspects that the mapping does not know: taken as saying nothing."""


def read_mapping(document: Any, where: str) -> dict[str, Mapped]:
    """`{SET: {ASPECT: [EXPECTATION, ...] or null}}` by set; keys with a leading underscore are remarks.

    Raises ConfigError naming every place that is wrong.
    """
    if not isinstance(document, dict):
        raise ConfigError(f"{where}: an object of sets is needed, each an object of aspects")
    problems: list[str] = []
    found: dict[str, dict[str, Any]] = {}
    for name, aspects in document.items():
        if name.startswith("_"):
            continue
        if not isinstance(aspects, dict):
            problems.append(f"{where}: {name} is no object of aspects")
            continue
        for aspect, keys in aspects.items():
            if keys is None:
                continue
            if not isinstance(keys, list) or not keys:
                problems.append(f"{where}: {name}, {aspect}: a list of expectations is needed, or null")
            elif wrong := [key for key in keys if not isinstance(key, str) or key not in EXPECTATIONS]:
                told = ", ".join(map(str, wrong))
                problems.append(
                    f"{where}: {name}, {aspect}: {told} is none of {', '.join(sorted(EXPECTATIONS))}"
                )
        found[name] = aspects
    if problems:
        raise ConfigError(*problems)
    return {
        name: {aspect: None if keys is None else frozenset(keys) for aspect, keys in aspects.items()}
        for name, aspects in found.items()
    }


def negative(aspect: str) -> tuple[str, ...]:
    """The negative aspects of an `aspect` field, each once: `speed.-1|price.1` gives `speed`.

    Parts stand between bars. A mark at the end says the mood: `.-1` and `:negative` are negative, other marks are
    not; a set that marks nothing names nothing but grievances.
    """
    names: dict[str, None] = {}
    for part in filter(None, (part.strip() for part in aspect.split("|"))):
        mark = _MARK.search(part)
        if mark is None:
            names[part] = None
        elif mark[1] == "-1" or mark[2] == "negative":
            names[part[: mark.start()]] = None
    return tuple(names)


def named(texts: Iterable[tuple[Sequence[str], Sequence[str]]], mapping: Mapped) -> Named:
    """Each text: its negative aspects, and the expectations named for it, most important first.

    Recall: of the aspects that have a list, the share that one of the text's first two expectations stands in.
    Precision: of all expectations that were named, the share that some aspect of their text allows, over texts all
    of whose aspects have a list. Shares of nothing are 0.
    """
    aspects = hit = said = right = 0
    unknown: dict[str, None] = {}
    for gold, keys in texts:
        unknown |= dict.fromkeys(aspect for aspect in gold if aspect not in mapping)
        allowed = [keys_of for aspect in gold if (keys_of := mapping.get(aspect)) is not None]
        keys = list(dict.fromkeys(keys))
        aspects += len(allowed)
        hit += sum(not keys_of.isdisjoint(keys[:FIRST]) for keys_of in allowed)
        if allowed and len(allowed) == len(gold):
            said += len(keys)
            right += sum(any(key in keys_of for keys_of in allowed) for key in keys)
    precision, recall = share(right, said), share(hit, aspects)
    return Named(precision, recall, harmonic(precision, recall), aspects, tuple(unknown))
