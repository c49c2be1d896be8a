"""Rules of ``[[layout.template]]``: what is wrong with an operator's zones."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from config._geometry import USUAL_SIZE, Rect, Size
from config._suggest import nearest
from config._zones import Zone, fits, parse_area
from config.schema import Config, PanelKind, TemplateConfig

BUILT_IN = ("alone", "band", "column", "content", "empty", "l-bar")
ANY_PANEL = "all"
_KINDS: tuple[str, ...] = get_args(PanelKind)
_FINE = Size(10_000, 10_000)
"""Zones in percent are compared here: a hundredth of a percent is a pixel."""

Told = tuple[str, str]
"""A key of the template, and what is wrong with it."""


def template_faults(config: Config, given: Collection[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every fault as the keys that have a part in it, the one to mend first, and the words.

    A template of which no key was set is none.
    """
    names: set[str] = set()
    for index, template in enumerate(config.layout.template):
        path = f"layout.template[{index}]"
        if not any(key.startswith(f"{path}.") for key in given):
            continue
        for key, words in (*_name(template, names), *_panels(template, config), *_zones(template, config)):
            yield (f"{path}.{key}",), words
        names.add(template.name)


def _name(template: TemplateConfig, names: Collection[str]) -> Iterator[Told]:
    if not template.name:
        yield "name", "missing; give the template a name"
    elif template.name in BUILT_IN:
        yield "name", f'"{template.name}" is what the player calls one of its own; use another'
    elif template.name in names:
        yield "name", f'two templates are called "{template.name}"; give each its own name'


def _panels(template: TemplateConfig, config: Config) -> Iterator[Told]:
    for text in template.panels:
        for kind in parse_area(text)[0]:
            if kind == ANY_PANEL or kind in config.layout.panels:
                continue
            if kind in _KINDS:
                yield "panels", f'"{kind}" is not among layout.panels; add it there, or take it out'
                continue
            near = nearest(kind, [*_KINDS, ANY_PANEL])
            advice = f"; did you mean {near}?" if near else f"; use {', '.join(_KINDS)} or {ANY_PANEL}"
            yield "panels", f'"{kind}" is no panel{advice}'


def _zones(template: TemplateConfig, config: Config) -> Iterator[Told]:
    if not template.creative:
        yield "creative", 'missing; say where the creative stands, such as "0 0 67.5% 100%"'
        return
    zones = [("creative", template.creative, Zone.parse(template.creative))]
    zones += [("panels", text, parse_area(text)[1]) for text in template.panels]
    in_pixels = any(zone.in_pixels for _, _, zone in zones)
    for screen in _screens(template, config, in_pixels=in_pixels):
        on = f" on {screen}" if in_pixels else ""
        told = list(_placed([(key, text, zone.on(screen)) for key, text, zone in zones], screen, on))
        yield from told
        if told:
            return


def _screens(template: TemplateConfig, config: Config, *, in_pixels: bool) -> Iterator[Size]:
    """The sizes on which the zones must fit: this screen's, those that it names, else usual ones."""
    if not in_pixels:
        yield _FINE
        return
    size = config.screen.panel_size()
    own = None if size is None else size.turned(config.screen.rotation)
    named = [Size.parse(text) for text in template.for_screens if "x" in text]
    usual = [] if own else [USUAL_SIZE, USUAL_SIZE.turned(90)]
    found = [s for s in (own, *usual) if s is not None and (not template.for_screens or _among(template, s))]
    yield from dict.fromkeys([*named, *found])


def _among(template: TemplateConfig, screen: Size) -> bool:
    return any(fits(text, screen) for text in template.for_screens)


def _placed(zones: list[tuple[str, str, Rect]], screen: Size, on: str) -> Iterator[Told]:
    whole = Rect(0, 0, screen.w, screen.h)
    for index, (key, text, rect) in enumerate(zones):
        if min(rect.w, rect.h) < 1:
            yield key, f'"{text}" has no area{on}; give it a width and a height'
        elif not rect.inside(whole):
            yield key, f'"{text}" leaves the screen{on}; left + width and top + height are at most 100%'
        else:
            for _, other, taken in zones[:index]:
                if rect.overlaps(taken):
                    yield key, f'"{text}" overlaps "{other}"{on}; zones may touch, not overlap'
