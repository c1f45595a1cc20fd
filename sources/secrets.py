"""A feed's token: named in the settings, read when it is needed, shown nowhere."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.core.errors import Denied

_LONGEST = 10_000
_PRINTABLE = re.compile(r"[!-~]+")


def _no_token_itself(name: str | None) -> bool:
    """People paste the secret where its name belongs; a long mix of letters and digits is no name."""
    kinds = (str.islower, str.isupper, str.isdigit)
    return name is None or len(name) <= 20 or not all(any(map(kind, name)) for kind in kinds)


class TokenOptions(BaseModel):
    """The options `token_env` and `token_file`, for a source's `Options` to inherit."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)] | None = None
    """Name of the environment variable that holds the token."""
    token_file: Path | None = None
    """File that holds the token and nothing else."""

    @model_validator(mode="after")
    def _one_place(self) -> TokenOptions:
        if self.token_env is not None and self.token_file is not None:
            raise ValueError("give token_env or token_file, not both: which one counts would be a guess")
        if not _no_token_itself(self.token_env):
            raise ValueError(
                "token_env wants the NAME of an environment variable, and this looks like the token itself: "
                'put the token into a variable, say ACME_TOKEN, and write token_env = "ACME_TOKEN"'
            )
        return self

    @property
    def has_token(self) -> bool:
        """Do the settings name a token? Whether it can be read shows in `token()`."""
        return self.token_env is not None or self.token_file is not None

    def token(self) -> str | None:
        """The token, read now so that a changed one counts at once; None where none is named.

        Raises Denied, with the remedy, where it is named and cannot be read.
        """
        if self.token_env is not None:
            where = f"the environment variable {self.token_env}"
            value = os.environ.get(self.token_env)
            if value is None:
                raise Denied(f"{where}, named by token_env, is not set: set it to the token of this feed")
        elif self.token_file is not None:
            where = f"the file {self.token_file}"
            value = _read(self.token_file, where)
        else:
            return None
        value = value.strip()
        if not value:
            raise Denied(f"{where} is empty: put the token of this feed into it")
        if len(value) > _LONGEST or not _PRINTABLE.fullmatch(value):
            raise Denied(f"{where} holds more than a token: put the token there, and nothing else")
        return value


def _read(path: Path, where: str) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LONGEST + 2)
    except FileNotFoundError as fault:
        raise Denied(
            f"{where}, named by token_file, does not exist: create it, or correct the path"
        ) from fault
    except UnicodeDecodeError as fault:
        raise Denied(f"{where} is not a text file: put the token there, and nothing else") from fault
    except OSError as fault:
        raise Denied(f"{where} cannot be read ({fault.strerror}): let this user read it") from fault
