"""A whole machine with a display, from package to purge: ``python -m tests.field.vm`` (root; QEMU, debootstrap).

Debian 12 with its own kernel, on an emulated processor (no KVM is needed), the player drawing on KMS/DRM without a
desktop by its systemd unit, as its own user. Each step is printed with its time; what was really scanned out is kept as
pictures. Steps: install, picture, power-cut, picture without a network, a broken version, its roll-back, purge.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from systemd.deb._package import make_package
from systemd.deb._target import TARGETS
from systemd.deb._tree import make_tree, project_version
from tests.field._container import await_true
from tests.field._vm import Machine, debian_disk, make_disk

_TARGET = TARGETS["amd64"]
_BROKEN = "9.9.9"
_PATIENCE_S = 900
"""An emulated processor on a busy machine is some fifty times slower than a Pi."""


class Run:
    """One run: each step is printed, and what is not good is counted."""

    def __init__(self, kept: Path) -> None:
        self.kept, self.failed = kept, 0
        self.pictures = kept / "pictures"
        self.pictures.mkdir(parents=True, exist_ok=True)

    def step(self, name: str, work: Callable[[], str]) -> None:
        """Do it, and print its time and what was seen; a step that raises is not good, and the run goes on."""
        began = time.monotonic()
        try:
            seen = work()
        except (AssertionError, OSError, RuntimeError, TimeoutError) as error:
            self.failed += 1
            seen = f"NOT GOOD: {error}"
        print(f"{time.monotonic() - began:7.1f} s  {name:<44} {seen}", flush=True)


def main() -> int:
    """Run all steps; 1 when one was not good."""
    parser = argparse.ArgumentParser(prog="python -m tests.field.vm", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--keep", type=Path, default=Path("out/vm"), help="disk, logs and pictures")
    kept = parser.parse_args().keep.resolve()
    if os.geteuid() != 0:
        print("this makes a Debian by debootstrap: it needs root", file=sys.stderr)
        return 2
    run = Run(kept)
    shutil.rmtree(kept / "work", ignore_errors=True)
    disk, kernel, ramdisk = debian_disk(kept)
    run.step("packages: this version, and a broken one", lambda: parcels(kept))
    machine = Machine(kept / "work", disk, kernel, ramdisk, kept / "work" / "parcels.img")
    try:
        story(run, machine)
    finally:
        machine.cut()
    print(f"{run.failed} steps not good; pictures in {run.pictures}")
    return 1 if run.failed else 0


def story(run: Run, machine: Machine) -> None:
    """From power-on to purge."""
    run.step("boot of a clean Debian 12", lambda: f"systemd up in {machine.boot(cable=True):.0f} s")
    run.step("dpkg -i", lambda: install(machine, project_version()))
    run.step("the screen presents on KMS/DRM", lambda: presents(run, machine, "installed"))
    run.step("who draws, and how", lambda: how(machine))
    run.step("ooh-player pattern", lambda: pattern(run, machine))
    machine.run("sync")
    machine.cut()
    run.step("the plug is pulled; boot without a network", lambda: f"systemd up in {machine.boot(cable=False):.0f} s")
    run.step("the screen presents again", lambda: presents(run, machine, "without-network"))
    run.step("dpkg -i of a version that presents nothing", lambda: install(machine, _BROKEN))
    run.step("it is rolled back by itself", lambda: rolled_back(run, machine))
    run.step("apt-get remove: settings and journal stay", lambda: removed(machine))
    run.step("purge: nothing stays", lambda: purged(machine))
    run.step("power off", lambda: f"off in {machine.halt():.0f} s")


def parcels(kept: Path) -> str:
    """A disk with both packages."""
    folder = kept / "work" / "parcels"
    folder.mkdir(parents=True, exist_ok=True)
    for version in (project_version(), _BROKEN):
        tree = kept / "work" / f"tree-{version}"
        needs = make_tree(tree, _TARGET, version)
        if version == _BROKEN:
            screen = tree / "lib" / f"python{_TARGET.python}" / "site-packages" / "renderer" / "screen.py"
            screen.write_text("raise SystemExit('broken on purpose')\n", encoding="ascii")
        made = make_package(tree, kept / "work", _TARGET, version, needs, 0)
        made.rename(folder / f"{version}.deb")
        shutil.rmtree(tree)
    make_disk(folder, kept / "work" / "parcels.img", "300M")
    return ", ".join(f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in sorted(folder.iterdir()))


def install(machine: Machine, version: str) -> str:
    """As a tech does who got the file by hand."""
    machine.run("mountpoint -q /mnt || mount -o ro /dev/vdb /mnt")
    said = machine.run(f"DEBIAN_FRONTEND=noninteractive dpkg -i /mnt/{version}.deb", seconds=_PATIENCE_S * 2)
    assert "is installed" in said, said[-400:]
    return said.splitlines()[-1]


def presents(run: Run, machine: Machine, name: str) -> str:
    """Wait until the unit is active (which is when a frame was presented), and look at the display itself."""
    await_true("an active screen", lambda: "active" in machine.run(_ACTIVE).split(), _PATIENCE_S)

    def look() -> int:
        with Image.open(machine.picture(run.pictures / f"{name}.png")) as picture:
            return len(picture.convert("RGB").getcolors(1 << 24) or ())

    colours = await_true("a picture on the display", lambda: (seen := look()) > 100 and seen, _PATIENCE_S)
    with Image.open(run.pictures / f"{name}.png") as picture:
        return f"{picture.size[0]}x{picture.size[1]}, {colours} colours scanned out"


_ACTIVE = "systemctl is-active ooh-player-screen.service"


def how(machine: Machine) -> str:
    """Facts of the process that draws."""
    pid = machine.run("systemctl show -P MainPID ooh-player-screen.service").split()[-1]
    user = machine.run(f"ps -o user:20= -p {pid} 2>/dev/null || stat -c %U /proc/{pid}")
    cards = machine.run(f"ls -l /proc/{pid}/fd | grep -o '/dev/dri/.*' | sort -u | tr '\\n' ' '")
    assert user.split()[-1] == "ooh-player", user
    assert "/dev/dri/card" in cards, cards
    return f"user {user.split()[-1]}, {cards.strip()}"


def pattern(run: Run, machine: Machine) -> str:
    """The test pattern, on the display itself."""
    machine.run("ooh-player pattern", seconds=_PATIENCE_S)
    time.sleep(20)
    machine.picture(run.pictures / "pattern.png")
    return "kept"


def rolled_back(run: Run, machine: Machine) -> str:
    """The version before is current again, and presents."""

    def current() -> bool:
        return machine.run("readlink /opt/ooh-player/current").strip() == f"versions/{project_version()}"

    await_true("the version before", current, _PATIENCE_S)
    return presents(run, machine, "rolled-back")


def removed(machine: Machine) -> str:
    """What is left after a removal."""
    machine.run("dpkg --remove ooh-player", seconds=_PATIENCE_S)
    left = machine.run(
        "ls -d /opt/ooh-player /etc/ooh-player /var/lib/ooh-player /usr/lib/ooh-player 2>/dev/null"
    ).split()
    assert left == ["/etc/ooh-player", "/var/lib/ooh-player"], left
    return " ".join(left)


def purged(machine: Machine) -> str:
    """Nothing is left after a purge."""
    machine.run("dpkg --purge ooh-player", seconds=_PATIENCE_S)
    left = machine.run(
        "ls -d /opt/*ooh* /etc/*ooh* /var/lib/ooh* /usr/lib/ooh* /etc/systemd/system/*ooh* 2>/dev/null; id ooh-player"
    )
    assert "no such user" in left, left
    return left.splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
