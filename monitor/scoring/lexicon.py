"""What is known of one language: `languages/xx.toml` and the moods of words in `languages/afinn/xx.txt`.

Read when a text in that language first comes. `languages/common.toml` holds the weights, which all languages
share, and tells how the files are written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from monitor.scoring.folding import Fold

BUILT_IN = ("ar", "de", "es", "fr", "id", "it", "ja", "nl", "pt", "zh")


@dataclass(frozen=True, slots=True)
class Group:
    """Cues that tell one thing: its signal, what kind of thing it is, and the expectation it breaks."""

    signal: str
    kind: str
    expectation: str
    cues: tuple[str, ...]
    """In folded spelling."""


class Heard(NamedTuple):
    """A cue of `group` at `[start:end]` of the folded text. `turned`: negated; `weak`: said with reserve."""

    group: Group
    start: int
    end: int
    turned: bool
    weak: bool


class Mood(NamedTuple):
    """A word that is no cue but has a mood, -5 to 5, its negation taken into account."""

    value: float
    start: int
    end: int


class Listening(NamedTuple):
    """All that was heard in one text. `denials`: where negators stand that turned nothing."""

    cues: Sequence[Heard]
    moods: Sequence[Mood]
    denials: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's cues and words, all in folded spelling."""

    language: str
    spaced: bool
    """Whether the language puts spaces between words."""
    small_nouns: bool
    """Whether it writes common nouns small, so that a capital within a sentence makes a name."""
    fold: Fold
    groups: tuple[Group, ...]
    moods: Mapping[str, int]
    before: frozenset[str]
    """Negators that stand before what they turn."""
    after: frozenset[str]
    links: tuple[str, ...]
    """What may stand between a negator and what it turns, where there are no spaces."""
    weak: frozenset[str]
    contrast: frozenset[str]
    """Words like "but": no negator reaches across one."""


@cache
def common() -> Mapping[str, Any]:
    """`common.toml`: what all languages share."""
    return tomllib.loads(_text("common.toml"))


@cache
def lexicon(language: str) -> Lexicon | None:
    """What is known of `language`, an ISO 639-1 code; None where it is not built in."""
    if language not in BUILT_IN:
        return None
    table = tomllib.loads(_text(f"{language}.toml"))
    script = table["script"]
    letters = dict(script.get("letters", {}))
    letters.update(zip(script.get("from", ""), script.get("to", ""), strict=True))
    if script.get("kana"):
        letters.update({chr(kana): chr(kana - 0x60) for kana in range(0x30A1, 0x30F7)})
    fold = Fold(letters, accents=not script["spaces"], prefixes=script.get("prefixes", ""))
    negation = table["negation"]

    def words(key: str) -> frozenset[str]:
        return frozenset(fold(word).text for word in _listed(negation.get(key, "")))

    return Lexicon(
        language=language,
        spaced=script["spaces"],
        small_nouns=bool(script.get("small_nouns")),
        fold=fold,
        groups=tuple(_group(row, fold) for row in table["heard"]),
        moods=_moods(language, fold),
        before=words("before"),
        after=words("after"),
        links=tuple(sorted(words("links"))),
        weak=words("weak"),
        contrast=words("contrast"),
    )


def _group(row: Mapping[str, str], fold: Fold) -> Group:
    signal = row["signal"]
    expectation = row.get("expectation") or common()["expectations"].get(signal, "reliability")
    return Group(signal, row["kind"], expectation, tuple(fold(cue).text for cue in _listed(row["cues"])))


def _listed(cues: str) -> Iterator[str]:
    """The parts of a list parted by commas and line ends."""
    return (cue.strip() for line in cues.splitlines() for cue in line.split(",") if cue.strip())


def _moods(language: str, fold: Fold) -> Mapping[str, int]:
    rows = (line.split("\t") for line in _text(f"afinn/{language}.txt").splitlines())
    return {fold(word).text: int(value) for word, value in rows}


def _text(name: str) -> str:
    return resources.files("monitor.scoring").joinpath("languages", name).read_text(encoding="utf-8")
