"""`[[webhooks]]`: other programs that follow the cases."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from monitor.core.errors import ConfigError
from monitor.core.happening import NAMES, Follower
from monitor.settings.values import Section, web_address

SCHEME = "webhook"


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in NAMES.values():
            raise ValueError(f"{name!r} is no event; there are: {', '.join(NAMES.values())}")
    return names


def _variable(name: str | None) -> str | None:
    if name is not None and (
        name.startswith("whsec_") or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", name)
    ):
        raise ValueError("write the NAME of a variable here, and put the secret into that variable")
    return name


class WebhookSection(Section):
    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="How it is called here: small letters, digits, - and _.",
    )
    url: Annotated[str, AfterValidator(web_address)] = Field(description="Where the events are posted.")
    secret_env: Annotated[str | None, AfterValidator(_variable)] = Field(
        None, description="Name of the variable that holds the secret (whsec_…)."
    )
    secret_file: Path | None = Field(None, description="File that holds the secret.")
    events: Annotated[tuple[str, ...], AfterValidator(_names)] = Field(
        (), description="Which changes it hears of; [] for all."
    )
    words: bool = Field(False, strict=True, description="With the customer's name and words.")

    @model_validator(mode="after")
    def _one_secret(self) -> WebhookSection:
        if (self.secret_env is None) == (self.secret_file is None):
            raise ValueError(
                f"webhook {self.name!r}: name its secret by secret_env or by secret_file, one of them"
            )
        return self

    @property
    def destination(self) -> str:
        return f"{SCHEME}:{self.name}"

    @property
    def follower(self) -> Follower:
        return Follower(self.destination, frozenset(self.events))

    def secret(self, folder: Path, environ: Mapping[str, str] | None = None) -> str:
        """As it stands now; `folder`: what a relative path counts from. Raises ConfigError."""
        if self.secret_env is not None:
            where = f"the variable {self.secret_env}"
            found = (os.environ if environ is None else environ).get(self.secret_env, "")
        else:
            where = f"the file {self.secret_file}"
            try:
                found = (folder / Path(str(self.secret_file)).expanduser()).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as fault:
                why = fault.strerror if isinstance(fault, OSError) else "it is no text"
                raise ConfigError(f"webhook {self.name}: {where} cannot be read: {why}") from None
        if not found.strip():
            raise ConfigError(f"webhook {self.name}: {where} is empty, where its secret was due")
        return found
