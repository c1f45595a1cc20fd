"""What is known of a case, laid out for whoever answers the customer; and the playbooks of the settings."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.core.errors import ConfigError
from monitor.core.playbook_file import read, shipped
from monitor.core.reply import Facts, Form, Promised
from monitor.settings import Settings, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.model import Case, Heard
    from monitor.core.playbook import Playbooks


def facts_of(
    case: Case,
    mentions: Sequence[Heard],
    cue: Heard | None,
    settings: Settings,
    now: datetime,
    *,
    form: Form = Form.PUBLIC,
    author: str = "",
    authority: str = "",
    promises: Sequence[Promised] = (),
) -> Facts:
    """The facts of one case. `cue` is the mention worth quoting; what it broke is what is answered."""
    complaints = [heard for heard in mentions if heard.verdict.is_complaint]
    broken = cue.verdict.expectations if cue else ()
    return Facts(
        business=settings.business.name,
        source=case.source,
        form=form,
        customer=case.name,
        place=(cue.mention.place.location or "") if cue else "",
        expectation=broken[0].signal if broken else "",
        signals=frozenset(signal for heard in complaints for signal in heard.verdict.signals),
        language=cue.verdict.language if cue else None,
        author=author,
        authority=authority,
        promises=tuple(promises),
        now=now,
        zone=settings.zone,
    )


def playbooks_of(settings: Settings) -> Playbooks:
    """Those of `desk.playbooks` laid over those that come with the product. Raises ConfigError: place and remedy."""
    told = settings.tables.desk.playbooks
    if told is None:
        return shipped()
    file = settings.folder / told.expanduser()
    try:
        text = file.read_text("utf-8-sig")
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"{file} is not valid TOML: {fault}") from None
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is no text in UTF-8"
        raise ConfigError(
            f"desk.playbooks: {file} cannot be read: {why}. Name another file, or leave the setting out."
        ) from None
    return read(document, shipped(), lambda place: place_of(place, text, file))
