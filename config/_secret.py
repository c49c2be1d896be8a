"""A secret: read from the file that a ``*_file`` key names, never from the configuration itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from config._problem import ConfigError, Problem

_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_PREFIX = "ooh_"
"""What systemd puts before the names of all files of ``/etc/ooh-player/secrets`` (systemd/ooh-player-agent.service)."""
_MOST_BYTES = 65_536


def read_secret(path: str, environ: Mapping[str, str] = os.environ) -> str:
    """The text in a credential file, without one newline at its end.

    A relative name is a credential of systemd's (``LoadCredential=``, systemd.exec(5)), found under
    ``$CREDENTIALS_DIRECTORY``; without one of that name, the one of the player's folder of secrets.
    Raises ``ConfigError`` when there is no such file, or none that can be read. The secret is in no message.
    """
    file = Path(path)
    if not file.is_absolute():
        folder = environ.get(_CREDENTIALS)
        if not folder:
            raise _error(path, f"a relative name, and ${_CREDENTIALS} is not set; write the whole path")
        file = Path(folder) / file
        if not file.exists() and (one := file.with_name(_PREFIX + file.name)).exists():
            file = one
    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise _error(str(file), f"the secret cannot be read: {error.strerror}") from error
    if len(data) > _MOST_BYTES:
        raise _error(str(file), f"larger than {_MOST_BYTES} bytes; this is no secret")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # The decoder's own error would carry the bytes: it is not chained.
        raise _error(str(file), "not UTF-8 text") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise _error(str(file), "the file is empty")
    return text


def _error(file: str, message: str) -> ConfigError:
    return ConfigError((Problem(file, None, "", message),))
