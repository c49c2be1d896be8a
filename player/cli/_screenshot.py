"""``screenshot``: what is on the screen now, as it was presented."""

from __future__ import annotations

import time
from pathlib import Path

import click

from cache import ring
from config import Code, OohError
from player.cli._common import config_option, errors_told, folders_of, read_config

_WAIT_S = 5.0
_STEP_S = 0.05


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--width", type=click.IntRange(16, 16_384), help="Scale it down to be no wider than this.")
@config_option
@errors_told
def screenshot(out: Path, width: int | None, config_path: Path | None) -> None:
    """Write what is on the screen now to OUT.png or OUT.jpg: the presented pixels, not a second rendering.

    \b
    Example:  ooh-player screenshot now.png
              ooh-player screenshot --width 480 now.jpg
    """
    folders = folders_of(read_config(config_path).config)
    target = out.resolve()
    target.unlink(missing_ok=True)
    word = "screenshot" if width is None else f"screenshot@{width}"
    if not ring(folders.run, "screen", f"{word}:{target}"):
        raise OohError(Code.SCREEN_NOT_RUNNING)
    for _ in range(round(_WAIT_S / _STEP_S)):
        if target.exists():
            click.echo(str(out))
            return
        time.sleep(_STEP_S)
    raise OohError(Code.SCREEN_NOT_RUNNING, f"no picture within {_WAIT_S:.0f} s")
