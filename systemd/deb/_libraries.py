"""The shared libraries of the bundle: which are loaded by nothing and go, and what they ask of the system."""

from __future__ import annotations

from pathlib import Path

from ._elf import Library, read_library, without_debug
from ._target import Target


class BundleError(Exception):
    """What is wrong with the bundle, in a sentence."""


def settle_libraries(site: Path, target: Target) -> frozenset[str]:
    """Removes the wheels' own libraries (``*.libs``) that no module needs, and debug information from all.

    Returns the names of the libraries that the system has to have. Raises BundleError when one is for another machine.
    """
    found = {path: library for path in sorted(site.rglob("*.so*")) if (library := read_library(path)) is not None}
    for path, library in found.items():
        if library.machine != target.machine:
            raise BundleError(f"{path.relative_to(site)} is not for {target.arch}")
    needed = _reached(found)
    system = set[str]()
    for path, library in found.items():
        if path not in needed:
            path.unlink()
            continue
        path.write_bytes(without_debug(library))
        system |= set(library.needed)
    return frozenset(system - {path.name for path in needed})


def _reached(found: dict[Path, Library]) -> set[Path]:
    """Python's modules, and what they need, and what those need."""
    by_name = {path.name: path for path in found}
    open_ends = [path for path in found if not path.parent.name.endswith(".libs")]
    reached = set[Path]()
    while open_ends:
        path = open_ends.pop()
        if path not in reached:
            reached.add(path)
            open_ends += [by_name[name] for name in found[path].needed if name in by_name]
    return reached
