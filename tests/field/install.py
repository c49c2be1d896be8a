"""A clean Debian 12 from install to uninstall: ``python -m tests.field.install``.

It must be root, with systemd-container and debootstrap.
A container stands for the machine (systemd 252 as its first process, no network at all), Xvfb for its monitor: there is
no /dev/dri here. What is on the monitor is read from Xvfb's own memory, not from the player.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.field._container import Container, await_true
from tests.field._root import HERE, copied, debian_root, wheels

_SOURCES = ("config", "cache", "renderer", "player", "sandbox", "systemd", "requirements")
_FILES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")
_MONITOR = """[Unit]
Description=what stands for a monitor
[Service]
ExecStart=/usr/bin/Xvfb :0 -screen 0 1280x720x24 -nolisten tcp -ac -fbdir /var/lib/monitor
ExecStartPre=/bin/mkdir -p /var/lib/monitor
Restart=always
[Install]
WantedBy=multi-user.target
"""
_DESKTOPS = """[Unit]
Description=desktops of another user: an X server that wants its cookie, and a Wayland compositor
[Service]
User=pi
ExecStartPre=+/bin/sh -c 'mkdir -p /run/user/1000 && chown pi: /run/user/1000 && chmod 700 /run/user/1000'
ExecStartPre=/bin/sh -c 'rm -f ~/.Xauthority; xauth -q add vm/unix:1 . $$(mcookie)'
Environment=XDG_RUNTIME_DIR=/run/user/1000
ExecStart=/bin/sh -c 'Xvfb :1 -screen 0 800x600x24 -nolisten tcp -auth ~/.Xauthority & \
  exec weston --backend=headless-backend.so --width=640 --height=480 --socket=wayland-0 --use-pixman'
"""
_DISPLAYS = {
    "x11": ("--x-display", ":1", "--x-authority", "/home/pi/.Xauthority"),
    "wayland": ("--wayland-socket", "/run/user/1000/wayland-0"),
}
_STATUS = ("ooh-player", "status", "--json")
_PAGE = b"<!doctype html><meta name=ad.size content='width=300,height=250'><body style='background:#c03'>field</body>"


class Field:
    """One run: each step is printed with what was seen and how long it took."""

    def __init__(self, kept: Path) -> None:
        self.work = kept / "work"
        self.source = self.work / "source"
        self.machine = Container(
            self.work / "root", (f"{self.source}:/src", f"{kept / 'wheels'}:/wheels"), self.work / "boot.log"
        )
        self.failed = 0

    def step(self, name: str, seen: str, began: float) -> None:
        """Print one line."""
        print(f"{time.monotonic() - began:7.1f} s  {name:<58} {seen}", flush=True)

    def check(self, name: str, seen: str, began: float, *, good: bool) -> None:
        """Print one line, and remember whether it is as it should be."""
        self.failed += not good
        self.step(name, seen if good else f"NOT GOOD: {seen}", began)

    def install(self, *options: str) -> str:
        """``systemd/install`` as a tech runs it, but for the wheels: they come from a folder, not from a network."""
        environ = ("env", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels")
        return self.machine.run(*environ, "/src/systemd/install", "--no-packages", *options, seconds=900)

    def screen_pid(self) -> int:
        """The screen's process when it has presented a first picture; else 0."""
        told = self.machine.run("systemctl", "show", "-p", "ActiveState,MainPID", "ooh-player-screen.service")
        facts = dict(line.partition("=")[::2] for line in told.split())
        return int(facts["MainPID"]) if facts.get("ActiveState") == "active" else 0

    def await_picture(self) -> int:
        """The pid of a screen that presents, and whose picture is on the monitor."""
        pid = await_true("a screen that presents", self.screen_pid, 180)
        await_true("a picture on the monitor", lambda: self.colours() > 3, 60)
        return pid

    def colours(self) -> int:
        """How many colours are on the monitor, by Xvfb's own memory."""
        file = self.machine.root / "var/lib/monitor/Xvfb_screen0"
        data = file.read_bytes() if file.exists() else b""
        pixels = data[-1280 * 720 * 4 :]
        return len({pixels[at : at + 3] for at in range(0, len(pixels), 4 * 37)})

    def current(self) -> str:
        """The version that is current."""
        link = self.machine.root / "opt/ooh-player/current"
        return link.readlink().name if link.is_symlink() else ""

    def change(self, text: str) -> None:
        """Another version: something added at the end of the screen's source."""
        with (self.source / "renderer" / "screen.py").open("a", encoding="utf-8") as file:
            file.write(f"\n\n{text}\n")

    def fresh_source(self) -> None:
        """This checkout as it stands."""
        self.source.mkdir(parents=True, exist_ok=True)
        for entry in self.source.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for name in _SOURCES:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(HERE / name, self.source / name, ignore=ignored)
        for name in _FILES:
            shutil.copy(HERE / name, self.source / name)


def first_install(field: Field) -> None:
    """Boot, monitor, install, picture, and what the boxes let through."""
    began = time.monotonic()
    (field.machine.root / "etc/systemd/system/monitor.service").write_text(_MONITOR, encoding="utf-8")
    field.step("boot of a clean Debian 12, without network", f"systemd up in {field.machine.boot():.1f} s", began)
    field.machine.run("systemctl", "enable", "--now", "-q", "monitor.service", check=True)
    began = time.monotonic()
    said = field.install("--display", "x11")
    field.check("systemd/install --display x11", last_line(said), began, good="is installed" in said)
    began = time.monotonic()
    field.await_picture()
    field.check("the screen presents frames", f"{field.colours()} colours on the monitor", began, good=True)
    await_true("both processes", lambda: set(running(field).values()) == {True}, 120)
    field.check("ooh-player status --json", str(running(field)), began, good=True)
    boxes(field)


def running(field: Field) -> dict[str, bool]:
    """Which of the two processes run, by the player's own word."""
    processes = json.loads(field.machine.run(*_STATUS))["processes"]
    return {name: processes[name]["running"] for name in ("screen", "agent")}


def boxes(field: Field) -> None:
    """What the running units are let do, asked of the kernel and tried."""
    began = time.monotonic()
    pid = field.screen_pid()
    links = field.machine.run("nsenter", "-t", str(pid), "-n", "ls", "/sys/class/net").split()
    inside = field.machine.run("nsenter", "-t", str(pid), "-n", "cat", "/proc/net/dev")
    names = [line.split(":")[0].strip() for line in inside.splitlines() if ":" in line]
    field.check("the screen's network", f"links: {' '.join(names)}", began, good=names == ["lo"] and bool(links))
    for name in ("screen", "agent"):
        figure = field.machine.run("systemd-analyze", "security", "--no-pager", f"ooh-player-{name}.service")
        last = last_line(figure)
        field.check(f"systemd-analyze security, {name}", last, began, good=float(last.split(": ")[1].split()[0]) <= 2.0)
    prepare(field)


def prepare(field: Field) -> None:
    """A still and an HTML5 creative, prepared within the agent's own unit: a drop-in makes it run that instead."""
    machine, began = field.machine, time.monotonic()
    page = machine.root / "var/lib/ooh-player/field"
    page.mkdir(parents=True, exist_ok=True)
    (page / "page.html").write_bytes(_PAGE)
    machine.run("chown", "-R", "ooh-player:", "/var/lib/ooh-player/field")
    text = machine.run("cat", "/etc/systemd/system/ooh-player-agent.service")
    once = (
        text.replace("Type=notify", "Type=oneshot")
        .replace("Restart=always", "Restart=no")
        .replace("WatchdogSec=2min", "")
    )
    work = "/var/lib/ooh-player/field"
    command = f"ooh-player prepare {work}/page.html --size 640x360 --out {work}/out --json"
    once = once.replace("/bin/ooh-player agent", f"/bin/{command}").replace(" begins agent", " begins once")
    once = once.replace(" ended agent", " ended once")
    once = once.replace("[Service]", f"[Service]\nStandardOutput=append:{work}/said")
    (machine.root / "etc/systemd/system/field-prepare.service").write_text(once, encoding="utf-8")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "field-prepare.service", seconds=180)
    told = last_line(machine.run("cat", f"{work}/said"))
    good = '"kind"' in told and (page / "out/first.png").exists()
    field.check("an HTML5 creative within the agent's box", told[:90], began, good=good)
    (machine.root / "etc/systemd/system/field-prepare.service").unlink()
    machine.run("systemctl", "daemon-reload")


def crash_and_reboot(field: Field) -> None:
    """kill -9, then a reboot, then a pulled plug."""
    pid, began = field.screen_pid(), time.monotonic()
    field.machine.run("kill", "-9", str(pid))
    await_true("another screen", lambda: field.screen_pid() not in (0, pid), 120)
    field.await_picture()
    field.check("kill -9 of the screen: presents again", f"process {field.screen_pid()} after {pid}", began, good=True)
    began = time.monotonic()
    field.machine.halt()
    field.machine.boot()
    field.await_picture()
    links = field.machine.run("ls", "/sys/class/net").split()
    field.check("reboot without network: presents again", f"links: {' '.join(links)}", began, good=links == ["lo"])
    began = time.monotonic()
    field.machine.cut()
    field.machine.boot()
    field.await_picture()
    field.check("the plug is pulled: presents again", f"{field.colours()} colours", began, good=True)


def upgrades(field: Field) -> None:
    """A good version stays; a broken one goes, attended, unattended, and with the plug pulled in its trial."""
    field.machine.run("sh", "-c", "echo '[screen]\nid = \"kept-1\"' >/etc/ooh-player/player.d/id.toml")
    first, began = field.current(), time.monotonic()
    field.change("# A good version.")
    said = field.install()
    second = field.current()
    good = second != first and "presents frames" in said
    field.check("upgrade to a good version: it stays", f"{first} -> {second}", began, good=good)
    began = time.monotonic()
    field.change("def run_screen(*_: object) -> int:\n    time.sleep(9e9)\n    return 0")
    said = field.install()
    good = field.current() == second and "rolled back" in said
    field.await_picture()
    field.check("upgrade to one that lives and draws nothing: rolled back", last_line(said, 1), began, good=good)
    began = time.monotonic()
    field.change("def run_screen(*_: object) -> int:\n    raise SystemExit('broken')")
    field.install("--no-wait")
    third = field.current()
    await_true("the rollback", lambda: field.current() == second, 180)
    field.await_picture()
    field.check("unattended, to one that crashes: rolled back", f"{third} -> {second}", began, good=third != second)
    began = time.monotonic()
    field.change("# Still broken.")
    field.install("--no-wait")
    third = field.current()
    field.machine.cut()
    field.machine.boot()
    await_true("the rollback", lambda: field.current() == second, 240)
    field.await_picture()
    field.check("the plug pulled in the trial: rolled back", f"{third} -> {second}", began, good=third != second)
    began = time.monotonic()
    kept = json.loads(field.machine.run(*_STATUS))["screen_id"]
    field.check("its settings and journal are kept", f"screen.id {kept}", began, good=kept == "kept-1")


def desktops(field: Field) -> None:
    """Under the X server, and the Wayland compositor, of another user."""
    field.machine.run("useradd", "--create-home", "--uid", "1000", "pi")
    (field.machine.root / "etc/systemd/system/desktops.service").write_text(_DESKTOPS, encoding="utf-8")
    field.machine.run("systemctl", "daemon-reload")
    field.machine.run("systemctl", "start", "desktops.service", check=True)
    for display, options in _DISPLAYS.items():
        began = time.monotonic()
        said = field.install("--display", display, *options)
        told = json.loads(field.machine.run(*_STATUS))["display"]
        good = "presents frames" in said and told["driver"] == display
        seen = f"{told['driver']} {told['size']} {told['back_end']}"
        field.check(f"--display {display}, another user's desktop", seen, began, good=good)
    field.install("--display", "x11", "--x-display", ":0")


def uninstall(field: Field) -> None:
    """Nothing is left but the journal; then nothing."""
    began = time.monotonic()
    said = field.machine.run("/src/systemd/uninstall")
    left = list_machine(field.machine)
    names = {Path(path).name for path in left}
    good = bool(left) and all(name.startswith(("ooh-player", "journal.", "proof.")) for name in names)
    field.check("uninstall leaves", " ".join(left), began, good=good and "What is left: /var/lib/ooh-player" in said)
    began = time.monotonic()
    field.machine.run("/src/systemd/uninstall", "--purge")
    left = list_machine(field.machine)
    user = field.machine.run("getent", "passwd", "ooh-player").strip()
    field.check("uninstall --purge leaves", " ".join([*left, user]) or "nothing", began, good=not left and not user)


def list_machine(machine: Container) -> list[str]:
    """Every path of the player's on the machine: whatever has its name, and what is below."""
    places = ("/etc", "/opt", "/usr", "/var", "/run", "/srv", "/home", "/root")
    return machine.run("find", *places, "-path", "*ooh-player*").split()


def last_line(text: str, before: int = 0) -> str:
    """The last line but so many, that is not empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1 - before] if len(lines) > before else ""


def main() -> int:
    """Run it; 1 when a step is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(tempfile.gettempdir()) / "ooh-player-field"
    parser.add_argument("--kept", type=Path, default=default, help="where the Debian root and the wheels are kept")
    kept: Path = parser.parse_args().kept.absolute()
    if os.getuid() != 0:
        print("this makes a machine: it must be root", file=sys.stderr)
        return 2
    kept.mkdir(parents=True, exist_ok=True)
    field, began = Field(kept), time.monotonic()
    copied(debian_root(kept), field.machine.root)
    wheels(kept)
    field.fresh_source()
    field.step("a Debian 12 root and the locked wheels", "", began)
    try:
        for part in (first_install, crash_and_reboot, desktops, upgrades, uninstall):
            part(field)
    finally:
        field.machine.cut()
    print(f"{'all as it should be' if not field.failed else f'{field.failed} steps are NOT as they should be'}")
    return 1 if field.failed else 0


if __name__ == "__main__":
    sys.exit(main())
