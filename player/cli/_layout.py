"""``layout``: where a creative and the panels would stand on a screen, told and drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from config import USUAL_SIZE, Config, PanelKind, Size
from player.cli._common import config_option, echo_json, errors_told, json_option, read_config
from player.cli._size import SizeType
from renderer.layout import Layout, LayoutRules, compose
from renderer.panels import offers_for

_KINDS: tuple[PanelKind, ...] = get_args(PanelKind)
_ALL = "all"


class PanelsType(click.ParamType[tuple[PanelKind, ...] | None]):
    """Panels by name, such as ``weather,clock``; ``all``: those under ``[layout]``, set up or not."""

    name = "KINDS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[PanelKind, ...] | None:
        """Read them, or end with bad usage. None stands for ``all``."""
        names = [name.strip() for name in str(value).split(",") if name.strip()]
        if names == [_ALL]:
            return None
        for name in names:
            if name not in _KINDS:
                self.fail(f"{name!r} is no panel; use {', '.join(_KINDS)} or {_ALL}", param, ctx)
        return tuple(kind for name in dict.fromkeys(names) for kind in _KINDS if kind == name)


@click.command()
@click.argument("creative", type=SizeType(least=1), metavar="WxH")
@click.option("--size", type=SizeType(least=1), help="The screen, WxH, after rotation. Default: the configured one.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Draw it into this PNG.")
@click.option("--panels", type=PanelsType(), default="", help="As if these were set up: names, or all.")
@click.option("--html5", is_flag=True, help="A creative drawn at its target size: max_upscale does not bind it.")
@config_option
@json_option
@errors_told
def layout(
    creative: Size,
    size: Size | None,
    out: Path | None,
    panels: tuple[PanelKind, ...] | None,
    html5: bool,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Tell and draw where a creative of WxH pixels and the panels would stand.

    \b
    Example:  ooh-player layout 728x90 --size 1920x1080 --panels all --out layout.png
    """
    config = read_config(config_path).config
    screen = size or _screen(config)
    kinds = config.layout.panels if panels is None else (panels or config.panels_set_up())
    rules = replace(LayoutRules.of(config.layout), scalable=html5)
    found = compose(screen, creative, offers_for(screen, kinds), rules)
    if out is not None:
        _draw(found, creative, out)
    if as_json:
        echo_json(_document(found, creative, kinds))
        return
    for line in _lines(found, creative, kinds):
        click.echo(line)
    if not panels and panels is not None and set(kinds) != set(config.layout.panels):
        absent = ", ".join(kind for kind in config.layout.panels if kind not in kinds)
        click.echo(f"  not set up: {absent} (--panels all lays them out too)")
    if out is not None:
        click.echo(f"  picture: {out}")


def _screen(config: Config) -> Size:
    return (config.screen.panel_size() or USUAL_SIZE).turned(config.screen.rotation)


def _document(found: Layout, creative: Size, kinds: tuple[PanelKind, ...]) -> dict[str, Any]:
    """Sizes ``[w, h]``, rectangles ``[x, y, w, h]``; ``layout`` as ``prepare --json`` has it."""
    placed = {panel.kind for panel in found.panels}
    return {
        "screen": [found.screen.w, found.screen.h],
        "source_size": [creative.w, creative.h],
        "template": found.template,
        "layout": {
            "creative": None if found.creative is None else found.creative.as_list(),
            "panels": [{"kind": panel.kind, "rect": panel.rect.as_list()} for panel in found.panels],
        },
        "areas": [{"rect": area.rect.as_list(), "kinds": list(area.kinds)} for area in found.areas],
        "scale": round(found.scale, 6),
        "coverage": round(found.coverage, 6),
        "left_out": [kind for kind in kinds if kind not in placed],
    }


def _lines(found: Layout, creative: Size, kinds: tuple[PanelKind, ...]) -> list[str]:
    document = _document(found, creative, kinds)
    lines = [f"{creative} on {found.screen}: {_facts(found)}", f"  creative at {document['layout']['creative']}"]
    lines += [f"  {panel.kind} panel at {panel.rect.as_list()}" for panel in found.panels]
    if document["left_out"]:
        lines.append(f"  no place for: {', '.join(document['left_out'])}")
    return lines


def _facts(found: Layout) -> str:
    return f"{found.template}, scale {found.scale:.2f}, {found.coverage:.0%} of the screen covered"


def _draw(found: Layout, creative: Size, out: Path) -> None:
    from player.cli._sketch import Words, sketch  # noqa: PLC0415 - Pillow is for the picture alone

    words = Words(f"{creative} on {found.screen}".replace("x", " × "), _facts(found).replace(", ", "  ·  "))
    sketch(found, creative, words).save(out, "PNG", optimize=True)
