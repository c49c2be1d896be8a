"""A folder that stands for a machine, and trees of versions to put into it: no systemd, no root's rights."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.systemd.units import FOLDER

_PROGRAM = """#!/bin/sh
case $1 in
  --version) echo "ooh-player, version {version}" ;;
  check) {check} ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """``root`` is the folder; its scripts find ``fakes`` first on their PATH."""

    root: Path
    fakes: Path

    @classmethod
    def below(cls, folder: Path) -> Machine:
        """A new one."""
        machine = cls(folder / "machine", folder / "fakes")
        for path in (machine.root, machine.fakes):
            path.mkdir()
        return machine

    def fake(self, name: str, script: str) -> None:
        """A program that is found before the real one."""
        file = self.fakes / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def run(self, script: Path, *options: str) -> tuple[int, str]:
        """Run a script of systemd/; returns its exit code and all it said."""
        environ = os.environ | {"PATH": f"{self.fakes}:{os.environ['PATH']}"}
        done = subprocess.run([script, *options], env=environ, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def install(self, tree: Path, *options: str) -> tuple[int, str]:
        """``systemd/install --root``, of the tree's own scripts."""
        return self.run(tree / "systemd" / "install", "--root", str(self.root), "--tree", str(tree), *options)

    def path(self, name: str) -> Path:
        """``/etc/…`` on this machine."""
        return self.root / name.lstrip("/")

    def link(self, name: str) -> str:
        """What a link of /opt/ooh-player means; empty when there is none."""
        link = self.path(f"/opt/ooh-player/{name}")
        return link.readlink().name if link.is_symlink() else ""

    def left(self) -> list[str]:
        """Every file on it."""
        return sorted(f"/{path.relative_to(self.root)}" for path in self.root.rglob("*") if not path.is_dir())


def tree(folder: Path, version: str, *, check: str = "exit 0") -> Path:
    """A version: this repository's scripts and units, and a program that only knows its version."""
    made = folder / f"tree-{version}"
    (made / "bin").mkdir(parents=True)
    shutil.copytree(FOLDER, made / "systemd", ignore=shutil.ignore_patterns("deb", "__pycache__"))
    shutil.copy(FOLDER.parent / "config" / "player.toml", made)
    program = made / "bin" / "ooh-player"
    program.write_text(_PROGRAM.format(version=version, check=check), encoding="utf-8")
    program.chmod(0o755)
    return made
