"""Loading the configuration, and holding ``exchange.kind`` to what is installed here: the schema cannot know that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from config import ConfigError, Loaded, Problem, load, toml

EXCHANGE_GROUP = "ooh_player.exchanges"
"""The entry points through which a package adds a dialect; its name is what ``kind`` says, its value a ``Dialect``."""
BUILT_IN_KINDS = ("openrtb", "vast", "vistar")


def load_config(path: Path | None, environ: Mapping[str, str]) -> Loaded:
    """As ``config.load``. Raises ``ConfigError`` on kinds too that nobody speaks here; imports no dialect."""
    loaded = load(path, environ)
    problems = list(_unknown_kinds(loaded))
    if problems:
        raise ConfigError(problems)
    return loaded


def _is_added(kind: str) -> bool:
    from importlib.metadata import entry_points  # noqa: PLC0415 - the screen starts without it

    return bool(entry_points(group=EXCHANGE_GROUP, name=kind))


def unknown_kind(kind: str) -> str:
    """What is wrong with a dialect's name; empty when it is spoken here."""
    if kind in BUILT_IN_KINDS or _is_added(kind):
        return ""
    near = get_close_matches(kind, BUILT_IN_KINDS, 1)
    advice = f"; did you mean {toml(near[0])}?" if near else "; or install the package that adds it"
    return f"{toml(kind)} is not spoken here; use {', '.join(map(toml, BUILT_IN_KINDS))}{advice}"


def _unknown_kinds(loaded: Loaded) -> Iterator[Problem]:
    for index, exchange in enumerate(loaded.config.exchange):
        kind = exchange.kind
        words = unknown_kind(kind) if exchange.url else ""
        if not words:
            continue
        source = loaded.sources.get(f"exchange[{index}].kind", "")
        file, _, line = source.rpartition(":")
        if file and line.isdecimal():
            yield Problem(file, int(line), "exchange.kind", words)
        else:
            yield Problem("environment", None, source.removeprefix("environment "), words)
