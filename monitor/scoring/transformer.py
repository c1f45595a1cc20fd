"""A second opinion by a text classifier of the operator's choice, and how it is weighed with our own.

Only made where the settings have a table `[scoring.transformer]`. Our own scorer stays what names the signals and
the words; the model moves the figure alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from monitor.core.errors import ConfigError
from monitor.core.model import Mention, Opinion
from monitor.core.ports import Scorer
from monitor.scoring.classifier import Classifier
from monitor.scoring.hub import Unusable, find
from monitor.scoring.language import Language

if TYPE_CHECKING:
    from monitor.settings.tables import TransformerSection

LIBRARIES = ("onnxruntime", "tokenizers", "huggingface_hub")
"""What the extra brings."""
OBVIOUS = frozenset({"complaint", "negative", "very negative", "neg", "1 star", "2 stars"})
"""Labels that mean a complaint in whatever model they stand."""
SUREST = 0.999
"""No opinion counts for more than this, however sure of itself: log-odds know no bounds."""
DIGITS = 4
SECOND = "the words were read by {} as well"
ALONE = "the words were read by {} alone"


class Transformer:
    """`value` is the probability the model gives to the labels that mean a complaint, 0 to 1, to four decimals;
    `label` is what it finds likeliest. Both None where it has no view: no words, or not in its languages.

    Loads on first use. Raises ConfigError with the place (`where` of a key) and the remedy.
    """

    name: ClassVar[str] = "transformer"
    version: ClassVar[str] = "onnx-1"
    api: ClassVar[int] = 1
    uses: ClassVar[tuple[str, ...]] = ("language",)

    def __init__(
        self,
        options: TransformerSection,
        folder: Path,
        where: Callable[[str], str] = "scoring.transformer.{}".format,
    ) -> None:
        self.options = options
        self._folder, self._where = folder, where
        self._lock = threading.Lock()
        self._loaded: tuple[Classifier, tuple[int, ...]] | None = None
        if missing := [name for name in LIBRARIES if find_spec(name) is None]:
            raise ConfigError(
                f"{where('model')}: a transformer needs {', '.join(missing)}: run "
                "`pip install 'complaint-monitor[transformer]'`, or take the table [scoring.transformer] out"
            )

    def load(self) -> tuple[Classifier, tuple[int, ...]]:
        """The model, and the places of the labels that mean a complaint. Raises ConfigError, MonitorError."""
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = self._load()
                except Unusable as fault:
                    raise ConfigError(f"{self._where(fault.key)}: {fault}") from None
            return self._loaded

    def _load(self) -> tuple[Classifier, tuple[int, ...]]:
        options = self.options
        model = Classifier(
            find(options.model, options.revision, self._folder),
            called=options.model,
            batch=options.batch,
            max_tokens=options.max_tokens,
            threads=options.threads,
        )
        return model, meant(model.labels, options.label)

    @property
    def called(self) -> str:
        """The model's name and what it is made of: what a mention's version remembers."""
        model, _ = self.load()
        return f"{Path(self.options.model).name}@{model.digest}"

    def told(self) -> str:
        """For `check`: that it loads, what it was asked for, and what it costs. Raises like `load`."""
        start = time.perf_counter()
        model, places = self.load()
        loaded = time.perf_counter()
        model.shares(["They promised to call me back on Monday, and nobody has called since."])
        taken = time.perf_counter() - loaded
        labels = ", ".join(model.labels[place] for place in places)
        return (
            f"{self.options.model} loads in {loaded - start:.1f} s and takes {taken * 1000:.0f} ms for a short text; "
            f"{labels} is a complaint"
        )

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        """An opinion on each mention, finding out its language first."""
        return self.weigh(mentions, {"language": Language().score(mentions)})

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """An opinion on each mention. A language that nobody could tell counts as one it reads."""
        nothing = Opinion(self.name, self.version)
        opinions = [nothing] * len(mentions)
        read = [
            place
            for place, (mention, language) in enumerate(zip(mentions, heard["language"], strict=True))
            if mention.words.strip() and language.label in (None, *self.options.languages)
        ]
        if not read:
            return opinions
        model, places = self.load()
        version = self.called
        for place, shares in zip(read, model.shares([mentions[one].words for one in read]), strict=True):
            if shares is not None:
                value = min(1.0, sum(shares[one] for one in places))
                likeliest = model.labels[max(range(len(shares)), key=shares.__getitem__)]
                opinions[place] = Opinion(self.name, version, round(value, DIGITS), likeliest)
        return opinions


def meant(labels: Sequence[str], named: Sequence[str]) -> tuple[int, ...]:
    """The places of the labels that mean a complaint: those `named`, else those whose name says so.

    Raises Unusable naming the model's labels.
    """
    those = f"its labels are {', '.join(labels)}"
    if unknown := [name for name in named if name not in labels]:
        raise Unusable("label", f"the model has no label {', '.join(unknown)}: {those}")
    wanted = set(named) or {name for name in labels if name.lower().replace("_", " ").strip() in OBVIOUS}
    places = tuple(place for place, name in enumerate(labels) if name in wanted)
    if not places:
        raise Unusable("label", f"is missing: which of the model's labels means a complaint? ({those})")
    if len(places) == len(labels) > 1:
        raise Unusable("label", f"not every label can mean a complaint: {those}")
    return places


class Combined:
    """Our own opinion with the model's: `value` is the mean of their log-odds, the model's share being `weight`.

    Signals and evidence are ours. Where the model has no view the opinion is ours as it stands; where only the
    model has one, the figure is the model's. `version` names whoever judged.
    """

    name: ClassVar[str] = "complaint"
    version: ClassVar[str] = "combined-1"
    api: ClassVar[int] = 1
    uses: ClassVar[tuple[str, ...]] = ("ours", "transformer")

    def __init__(self, ours: Scorer, transformer: Transformer) -> None:
        self._ours, self._transformer = ours, transformer
        self._weight = transformer.options.weight

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        """An opinion on each mention, asking both itself."""
        return self.weigh(
            mentions,
            {"ours": self._ours.score(mentions), "transformer": self._transformer.score(mentions)},
        )

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """An opinion on each mention, from what both already said of the same mentions."""
        return [
            combined(ours, second, self._weight)
            for _, ours, second in zip(mentions, heard["ours"], heard["transformer"], strict=True)
        ]


def combined(ours: Opinion, second: Opinion, weight: float) -> Opinion:
    """Both opinions as one. `weight` is the share of `second`, 0 to 1."""
    if second.value is None or weight == 0:
        return ours
    version = f"{ours.version}+{weight:g}*{second.version}"
    if ours.value is None:
        return replace(ours, version=version, value=second.value, notes=(ALONE.format(second.version),))
    value = 1 / (1 + exp(-(1 - weight) * _odds(ours.value) - weight * _odds(second.value)))
    notes = (*ours.notes, SECOND.format(second.version)) if ours.notes else ()
    return replace(ours, version=version, value=round(value, DIGITS), notes=notes)


def _odds(probability: float) -> float:
    held = min(max(probability, 1 - SUREST), SUREST)
    return log(held / (1 - held))
