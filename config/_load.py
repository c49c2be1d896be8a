"""Loading: the files, then the environment, then the check; the whole configuration or every problem in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from config._check import Values, build, check_values
from config._environment import environment_into
from config._file import read_into
from config._problem import ENVIRONMENT, ConfigError, Origin, Problem
from config._rules import broken_rules
from config._settings import Settings
from config._tree import Section, tree
from config._words import masked
from config.schema import Config

DEFAULT_PATH = Path("/etc/ooh-player/player.toml")
DROP_INS = "player.d"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Effective:
    """One effective value for a person to see: passwords inside URLs are masked."""

    key: str
    value: object
    source: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that is right, and where each of its values came from."""

    config: Config
    sources: Mapping[str, str]
    """Full key (``loop[1].seconds``) → ``file:line``, ``environment VARIABLE`` or ``default``; every effective key."""

    def effective(self) -> tuple[Effective, ...]:
        """Every effective key with its value and source, in the order of the schema."""
        values = dict(_values(tree(), self.config))
        return tuple(Effective(key, _masked(values[key]), source) for key, source in self.sources.items())


def load(path: Path | None, environ: Mapping[str, str]) -> Loaded:
    """Read the configuration: ``path``, then ``player.d/*.toml`` beside it in name order, then the environment.

    ``None`` is ``/etc/ooh-player/player.toml``, which may be missing; a path that was named may not.
    Raises ``ConfigError`` with all problems at once.
    """
    root = tree()
    settings = Settings(root)
    main = DEFAULT_PATH if path is None else path
    read_into(settings, main, may_be_missing=path is None)
    for file in _drop_ins(settings, main.parent / DROP_INS):
        read_into(settings, file)
    environment_into(settings, environ)
    good = check_values(settings)
    config = build(settings, good)
    settings.problems += _rule_problems(settings, config, good)
    if settings.problems:
        raise ConfigError(sorted(settings.problems, key=_reading_order(settings.problems)))
    config = _without_idle(config)
    return Loaded(config, {key: _source(settings, key) for key, _ in _values(root, config)})


def _drop_ins(settings: Settings, folder: Path) -> list[Path]:
    try:
        files = [file for file in folder.iterdir() if file.suffix == ".toml" and not file.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        settings.problems.append(Problem(str(folder), None, "", f"cannot be read: {error.strerror}"))
        return []
    return sorted(files)


def _rule_problems(settings: Settings, config: Config, good: Values) -> list[Problem]:
    """The broken rules, but for those in which a value that is wrong already has a part."""
    bad = settings.values.keys() - good.keys()
    faults = broken_rules(config, good.keys())
    return [_origin(settings, fault.keys).problem(fault.message) for fault in faults if bad.isdisjoint(fault.keys)]


def _origin(settings: Settings, keys: tuple[str, ...]) -> Origin:
    """Where to mend: the first of the keys that was set, else the section that should hold the first."""
    for key in keys:
        if key in settings.values:
            return settings.values[key].origin
    for place in (keys[0], keys[0].rpartition(".")[0]):
        if place in settings.origins:
            found = settings.origins[place]
            return found if found.file == ENVIRONMENT else replace(found, key=found.key + keys[0][len(place) :])
    return Origin(DEFAULT, None, keys[0])


def _without_idle(config: Config) -> Config:
    """An ``[exchange]`` without a URL is none, nor is a template without zones: nobody downstream has to ask."""
    layout = replace(config.layout, template=tuple(one for one in config.layout.template if one.creative))
    return replace(config, exchange=tuple(one for one in config.exchange if one.url), layout=layout)


def _reading_order(problems: list[Problem]) -> Callable[[Problem], tuple[int, int]]:
    """File by file in the order they were read, each from top to bottom."""
    files = list(dict.fromkeys(problem.file for problem in problems))
    return lambda problem: (files.index(problem.file), problem.line or 0)


def _values(section: Section, body: object, path: str = "") -> Iterator[tuple[str, object]]:
    for name, part in section.parts.items():
        full, value = f"{path}.{name}".lstrip("."), getattr(body, name)
        if not isinstance(part, Section):
            yield full, value
        elif part.many:
            for index, entry in enumerate(value):
                yield from _values(part, entry, f"{full}[{index}]")
        else:
            yield from _values(part, value, full)


def _source(settings: Settings, key: str) -> str:
    return str(settings.values[key].origin) if key in settings.values else DEFAULT


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked(value)
    return tuple(_masked(item) for item in value) if isinstance(value, tuple) else value
