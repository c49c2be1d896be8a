"""A secret that was typed: into a file of its own beside the configuration, for the player's eyes alone."""

from __future__ import annotations

import os
from pathlib import Path

from config import Code, OohError
from player.doctor import User

SECRETS = "secrets"
CREDENTIAL = "ooh_"
"""``LoadCredential=ooh:…/secrets`` gives the agent each file there, its name after this prefix (systemd.exec(5))."""


def keep_secret(config: Path, name: str, secret: str) -> str:
    """Write it, mode 0600, whole and on disk; returns what the ``*_file`` key is to say.

    Where the installer has made a folder ``secrets`` beside the configuration, it is a credential of systemd's; else a
    file beside it, which belongs to the player's user. Raises ``OohError`` (FILE_UNUSABLE).
    """
    folder = config.parent / SECRETS
    as_credential = folder.is_dir()
    path = folder / name if as_credential else config.parent.absolute() / name
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    user = User.of_process()
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o600)
            if not as_credential and user.uid != os.geteuid():
                os.fchown(handle, user.uid, -1)
            file.write(f"{secret}\n".encode())
            file.flush()
            os.fsync(handle)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OohError(Code.FILE_UNUSABLE, f"{path}: {error.strerror}") from error
    return f"{CREDENTIAL}{name}" if as_credential else str(path)
