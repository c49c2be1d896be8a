"""``screenshot``: what is on the screen now, as it was presented."""

from __future__ import annotations

import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path

import click

from cache import ring
from config import Code, OohError
from player.cli._common import config_option, errors_told, folders_of, read_config

_WAIT_S = 5.0
_STEP_S = 0.05


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--width", type=click.IntRange(16, 16_384), help="Scale it down to be no wider than this.")
@config_option
@errors_told
def screenshot(out: Path, width: int | None, config_path: Path | None) -> None:
    """Write what is on the screen now to OUT.png or OUT.jpg: the presented pixels, not a second rendering.

    \b
    Example:  ooh-player screenshot now.png
              ooh-player screenshot --width 480 now.jpg
              sudo ooh-player screenshot - > now.png
    """
    folders = folders_of(read_config(config_path).config)
    picture = _ask(folders.run, "screenshot" if width is None else f"screenshot@{width}", out.suffix)
    if out == Path("-"):
        sys.stdout.buffer.write(picture)
    else:
        out.write_bytes(picture)
        click.echo(str(out))


def _ask(run: Path, word: str, suffix: str) -> bytes:
    """Let the screen write it into the runtime folder: in its unit it may write nowhere else that others read."""
    target = run / f"screenshot-{secrets.token_hex(4)}{suffix}"
    try:
        if not ring(run, "screen", f"{word}:{target}"):
            raise OohError(Code.SCREEN_NOT_RUNNING)
        for _ in range(round(_WAIT_S / _STEP_S)):
            with suppress(FileNotFoundError):
                return target.read_bytes()
            time.sleep(_STEP_S)
        raise OohError(Code.SCREEN_NOT_RUNNING, f"no picture within {_WAIT_S:.0f} s")
    finally:
        target.unlink(missing_ok=True)
