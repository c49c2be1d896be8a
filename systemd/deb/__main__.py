"""``python -m systemd.deb [--arch arm64 …] [--python 3.13]``: builds the bundles into ``dist/`` and prints their sizes.

No compiler is needed for any of them. Exit 1 when one for a Pi is too large, or could not be built.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ._libraries import BundleError
from ._package import make_package, package_name
from ._target import TARGETS, Target
from ._tree import CHECKOUT, make_tree, project_version
from ._zip import make_zip

LIMIT_BYTES = 50_000_000
"""The founding talk's, for a Pi, zipped."""
_MB = 1_000_000
NOT_BUILT = {
    "armhf": "not built: PyPI has no 32 bit ARM wheels of av, cffi, lz4, msgspec, pillow, psutil and pygame-ce, and "
    "Debian 12's own pygame (2.1.2) has no Window. Next: a 64 bit system, which the Pi 3, the Zero 2 "
    "and all later boards run, and ARCH=arm64"
}
"""Machines that a bundle was asked for, and why there is none."""


def main() -> int:
    """Builds what was asked for; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m systemd.deb", description=(__doc__ or "").split("\n", maxsplit=1)[0]
    )
    parser.add_argument("--arch", nargs="+", choices=[*TARGETS, *NOT_BUILT], metavar="ARCH")
    parser.add_argument(
        "--python", default="3.11", choices=["3.11", "3.12", "3.13"], help="3.11 is Debian 12's, 3.13 Debian 13's"
    )
    parser.add_argument("--version", default=project_version())
    parser.add_argument("--out", type=Path, default=CHECKOUT / "dist")
    options = parser.parse_args()
    good = True
    for arch in options.arch or [*TARGETS, *NOT_BUILT]:
        if arch in NOT_BUILT:
            print(f"{arch}: {NOT_BUILT[arch]}", file=sys.stderr)
            good &= not options.arch  # a failure only where it was asked for by name
            continue
        try:
            good &= build(replace(TARGETS[arch], python=options.python), options.version, options.out)
        except BundleError as error:
            print(f"{arch}: {error}", file=sys.stderr)
            good = False
    return 0 if good else 1


def build(target: Target, version: str, out: Path) -> bool:
    """Builds one, prints its sizes, and returns whether it is small enough."""
    epoch = source_date()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ooh-bundle-") as name:
        work = Path(name)
        tree = work / "tree"
        needs = make_tree(tree, target, version)
        unpacked = sum(path.lstat().st_size for path in tree.rglob("*"))
        package = make_package(tree, work, target, version, needs, epoch)
        zipped = work / f"{package_name(target, version)}.zip"
        make_zip(tree, zipped, epoch)
        sizes = {path.name: path.stat().st_size for path in (package, zipped)}
        for path in (package, zipped):
            shutil.move(path, out / path.name)
    small = is_small(target, sizes.values())
    for made, size in sizes.items():
        print(f"{out / made}  {size / _MB:.1f} MB")
    limit = "" if target.arch == "amd64" else f"; the limit for a Pi is {LIMIT_BYTES / _MB:.0f} MB zipped: "
    print(f"  unpacked {unpacked / _MB:.0f} MB{limit}{limit and ('kept' if small else 'BROKEN')}")
    return small


def is_small(target: Target, sizes: Iterable[int]) -> bool:
    """Whether a Pi's bundle keeps to the limit, in each of its forms; other machines have none."""
    return target.arch == "amd64" or max(sizes) <= LIMIT_BYTES


def source_date() -> int:
    """``SOURCE_DATE_EPOCH``, else the last commit's time: the same sources give the same bytes."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    argv = ["git", "-C", str(CHECKOUT), "log", "-1", "--format=%ct"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else 0


if __name__ == "__main__":
    sys.exit(main())
