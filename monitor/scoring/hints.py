"""Telling the language of a text too short to be sure of: by its script, or by its small words.

Asked only where the language detector is not sure. A wrong guess would take an English text away from the judge
that can read it, so it takes two words, or one long one and nothing English, to call a text foreign.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from typing import NamedTuple

MOST = 60
"""Words looked at: a text with more is not short, and its beginning tells."""
LONG = 4
"""Letters that a word must have to tell a language alone."""
SHORT = 8
"""Words a text may have to be told by a single one of them."""

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SCRIPTS = {
    "ja": r"\u3040-\u30ff\uff66-\uff9f",
    "ko": r"\uac00-\ud7af\u1100-\u11ff",
    "zh": r"\u3400-\u9fff",
    "ar": r"\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "ru": r"\u0400-\u04ff",
    "el": r"\u0370-\u03ff",
    "he": r"\u0590-\u05ff",
    "th": r"\u0e00-\u0e7f",
    "hi": r"\u0900-\u097f",
}
"""The language that most often writes so; which of its neighbours it is matters little: none of them is English."""
RUNS = {language: re.compile(f"[{signs}]+") for language, signs in SCRIPTS.items()}
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
DENSE = frozenset({"ja", "ko", "zh"})
"""One sign says as much as three Latin letters."""
URDU = re.compile("[ٹڈڑںےۓھہ]")
PERSIAN = re.compile("[پچژگکی]")
UKRAINIAN = re.compile("[ґєіїҐЄІЇ]")


class SmallWords(NamedTuple):
    words: dict[str, frozenset[str]]
    """Word -> the languages it is a small word of."""
    signs: dict[str, str]


def hinted(text: str, guess: str | None = None) -> str | None:
    """The language that script or small words point to, as an ISO 639-1 code; None where nothing does.

    `guess` is what a detector thought without being sure: it decides between equals. Never "en": what is left
    open is read as English anyway.
    """
    if not text.isascii() and (found := _by_script(text, guess)):
        return found
    return _by_words(text, guess)


def _by_script(text: str, guess: str | None) -> str | None:
    sizes = {
        language: sum(map(len, run.findall(text))) * (3 if language in DENSE else 1)
        for language, run in RUNS.items()
    }
    language = max(sizes, key=lambda key: sizes[key])
    if language == "zh" and (sizes["ja"] or guess == "ja"):
        language = "ja"
    if not sizes[language] or sizes[language] < sum(map(len, LATIN.findall(text))):
        return None
    if language == "ar":
        return "ur" if URDU.search(text) else "fa" if PERSIAN.search(text) else "ar"
    return "uk" if language == "ru" and UKRAINIAN.search(text) else language


def _by_words(text: str, guess: str | None) -> str | None:
    known = _small_words()
    words = WORD.findall(text.lower())[:MOST]
    hits: Counter[str] = Counter()
    long: set[str] = set()
    for word in words:
        for part in (word, *re.split("['’]", word)[1:]):
            languages = known.words.get(part, frozenset())
            hits.update(languages)
            if len(part) >= LONG:
                long |= languages
    if not text.isascii():
        hits.update(known.signs[sign] for sign in set(text.lower()) & known.signs.keys())
    english = hits.pop("en", 0)
    if not hits:
        return None
    most = max(hits.values())
    best = [language for language, count in hits.items() if count == most]
    language = guess if guess in best else best[0] if len(best) == 1 else None
    if language is None or most <= english:
        return None
    alone = most == 1 and (language not in long or len(words) > SHORT)
    return None if alone and language != guess else language


@cache
def _small_words() -> SmallWords:
    text = resources.files("monitor.scoring").joinpath("languages", "small_words.toml").read_text("utf-8")
    words: dict[str, set[str]] = {}
    signs: dict[str, str] = {}
    for language, row in tomllib.loads(text).items():
        for word in row["words"].split():
            words.setdefault(word, set()).add(language)
        signs.update(dict.fromkeys(row.get("signs", ""), language))
    return SmallWords({word: frozenset(some) for word, some in words.items()}, signs)
