"""What the settings plug in: sources, scorers and notifiers, each found by its name and given its options."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from monitor import plugins
from monitor.core.errors import ConfigError
from monitor.core.ports import Notifier, Source
from monitor.core.query import parse
from monitor.places import CONSOLE
from monitor.settings import FeedSection, Settings, place_of

if TYPE_CHECKING:
    from monitor.collect.feeds import Listening
    from monitor.scoring.judge import Judge
    from monitor.scoring.transformer import Transformer

TRANSFORMER = "transformer"
"""The one scorer that is made only when the settings ask for it."""
SEND_TIMEOUT = timedelta(seconds=10)
YOUNG = 20_000
"""A page is some ten thousand values, all needed to its end: looking through them every 700 costs a tenth."""
CALLS = 5
"""A message may take three drawings and a look at the workspace; the lease must outlast them all."""
RELATIVE = ("path", "token_file")
"""Options that name a file: relative to the settings file, wherever the command runs."""


def feed_of(section: FeedSection, settings: Settings, index: int | None = None) -> Listening:
    """A feed of the settings with its connector. Raises ConfigError naming place and remedy."""
    from monitor.collect.feeds import Listening

    text = settings.path.read_text("utf-8") if settings.path else ""

    def where(*loc: str | int) -> str:
        loc = loc if index is None else ("feeds", index, *loc)
        return place_of(loc, text, settings.path) if index is not None else ".".join(map(str, loc))

    try:
        source: Source = plugins.load(plugins.SOURCES, section.source)()
    except ConfigError as fault:
        raise ConfigError(f"{where('source')}: {fault}") from None
    options = dict(section.options)
    for name in RELATIVE:
        if isinstance(options.get(name), str):
            options[name] = str(settings.folder / Path(options[name]).expanduser())
    try:
        checked = source.Options.model_validate(options)
    except ValidationError as fault:
        raise ConfigError(*(_option_problem(error, source, where) for error in fault.errors())) from None
    keep = parse(section.keep) if section.keep is not None else None
    return Listening(section.name, source, checked, section.every, section.match, keep)


def _option_problem(error: Any, source: Source, where: Callable[..., str]) -> str:
    """What is wrong with an option. Never its value: it may be a secret in the wrong place."""
    loc, told = error["loc"], error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        told = (
            f"the source {source.name} has no such option; it knows: {', '.join(source.Options.model_fields)}"
        )
    elif error["type"] == "missing":
        told = f"is missing: the source {source.name} needs it"
    place = where(*loc)
    return f"{place}: {told}" if place else told


def judge_of(settings: Settings | None, transformer: Transformer | None = None) -> Judge:
    """All installed scorers as one judge, and the transformer (given, or made here) if the settings ask for it.

    With it "complaint" is both opinions as one; each alone is there too, as "ours" and "transformer".
    """
    from monitor.scoring.complaint import Complaint
    from monitor.scoring.judge import Judge

    gc.set_threshold(YOUNG)
    installed = [name for name in plugins.names(plugins.SCORERS) if name != TRANSFORMER]
    scorers = {name: plugins.load(plugins.SCORERS, name)() for name in installed}
    if settings and isinstance(scorers.get("complaint"), Complaint):
        scorers["complaint"] = Complaint(names=(settings.business.name, *settings.business.aliases))
    transformer = transformer or transformer_of(settings)
    if transformer is not None:
        from monitor.scoring.transformer import Combined

        ours = scorers["complaint"]
        scorers |= {"ours": ours, TRANSFORMER: transformer, "complaint": Combined(ours, transformer)}
    return Judge(scorers, settings.tables.scoring.max_chars if settings else 20_000)


def transformer_of(settings: Settings | None) -> Transformer | None:
    """The transformer of the settings, not yet loaded. Raises ConfigError when its extra is not installed."""
    section = settings.tables.scoring.transformer if settings else None
    if settings is None or section is None:
        return None
    text = settings.path.read_text("utf-8") if settings.path else ""

    def where(key: str) -> str:
        return place_of(("scoring", "transformer", key), text, settings.path)

    made: Transformer = plugins.load(plugins.SCORERS, TRANSFORMER)(section, settings.folder, where)
    return made


def notifiers_of(settings: Settings) -> dict[str, Notifier]:
    """By the scheme of their destinations."""
    found: dict[str, Notifier] = {CONSOLE: plugins.load(plugins.NOTIFIERS, CONSOLE)()}
    if settings.bot_token is not None:
        timeout = min(SEND_TIMEOUT, settings.tables.delivery.lease / CALLS)
        found["slack"] = plugins.load(plugins.NOTIFIERS, "slack")(
            settings.bot_token, api_url=settings.tables.slack.api_url, timeout=timeout.total_seconds()
        )
    return found


def source_options(name: str) -> type[BaseModel]:
    """The options a source takes."""
    options: type[BaseModel] = plugins.load(plugins.SOURCES, name).Options
    return options
