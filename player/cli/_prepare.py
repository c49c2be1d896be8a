"""``prepare``: what the daemon would do with a creative."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from cache import Cache, FeedSnapshot, Folders, SystemClock
from config import Config, OohError, PanelKind, Size
from player.cli._common import EXIT_NOT_GOOD, config_option, echo_json, errors_told, json_option, read_config
from player.cli._creative import Named, at_hand
from player.cli._size import SizeType
from renderer.prepare import Geometry, first_png, prepare_file, report, report_error


@click.command()
@click.argument("creative")
@click.option("--size", type=SizeType(least=1), default="1920x1080", show_default=True, help="The screen, WxH.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the plate.")
@config_option
@json_option
@errors_told
def prepare(creative: str, size: Size, out: Path, config_path: Path | None, as_json: bool) -> None:
    """Make the plate of CREATIVE for one screen size, and `first.png`: the composed screen at 0 s.

    CREATIVE is a file, or the https address of one: a picture, a video, an HTML5 page or its zip archive. A page's
    own requests go through the guard; all that it asked for is kept in `creative.zip` beside the plate.

    \b
    Example:  ooh-player prepare banner.png --size 1920x1080 --out out/
    Exit:     1 when the creative is refused; the code says why.
    """
    config = read_config(config_path).config
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # ended like Ctrl-C: no half plate is left behind
    out.mkdir(parents=True, exist_ok=True)
    try:
        geometry, named = Geometry.of(config, size), Named(creative)
        with at_hand(named, geometry, config, out) as file:
            prepared = prepare_file(file, geometry, config.prepare, out)
        picture = first_png(prepared, _snapshots(config), config, SystemClock().now())
        picture.save(out / "first.png", compress_level=1)  # a fifth larger, three times faster: it is looked at once
    except OohError as error:
        _refused(error, as_json=as_json)
    document = report(prepared)
    if as_json:
        echo_json(document)
        return
    click.echo(f"{named.name}: {document['kind']} {'x'.join(map(str, document['source_size']))}")
    click.echo(f"  creative at {document['layout']['creative']}, scale {document['scale']:.2f}")
    for panel in document["layout"]["panels"]:
        click.echo(f"  {panel['kind']} panel at {panel['rect']}")
    for warning in document["warnings"]:
        click.echo(f"  warning: {warning}")
    click.echo(f"  plate: {prepared.file}\n  picture: {out / 'first.png'}")


def _refused(error: OohError, *, as_json: bool) -> None:
    if as_json:
        echo_json(report_error(error))
    else:
        click.echo(f"{error.code.code}: {error.message}\n  next: {error.code.next_step}", err=True)
    sys.exit(EXIT_NOT_GOOD)


def _snapshots(config: Config) -> dict[PanelKind, FeedSnapshot]:
    """What the feeds last said on this machine; nothing where no player ever ran, and nothing is made there."""
    folders = Folders.named(config.cache, os.environ)
    if not folders.state.is_dir():
        return {}
    return Cache.open(folders, SystemClock(), config.cache.max_bytes).snapshots()
