"""A machine with a monitor: QEMU without acceleration, a virtio display, driven through a serial line and QMP.

Its picture is what the hardware of the display scans out (QMP ``screendump``), not what the player says. Needs of the
host only programs: no KVM, no network (the card's user network is restricted to the machine itself).
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.field._root import mirror

_PACKAGES = (
    "systemd,systemd-sysv,dbus,udev,linux-image-amd64,initramfs-tools,kmod,iproute2,login,passwd,python3,ca-certificates,"
    "libgbm1,libegl1,libgles2,libgl1-mesa-dri,libdrm2,libfribidi0"
)
_SHELL = """[Unit]
Description=a root shell for the program that runs this machine
[Service]
ExecStart=/bin/bash -c 'stty raw -echo; while :; do PS1= PS2= /bin/bash --noprofile --norc --noediting; done'
StandardInput=tty
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS1
Restart=always
[Install]
WantedBy=multi-user.target
"""
_CABLE = "[Match]\nName=en*\n[Network]\nDHCP=yes\n"


def debian_disk(kept: Path) -> tuple[Path, Path, Path]:
    """A disk with a minimal Debian 12 that has a kernel, and that kernel and its first RAM disk."""
    root = kept / "root-vm"
    if not (root / ".whole").exists():
        shutil.rmtree(root, ignore_errors=True)
        _run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", "bookworm", str(root), mirror())
        units = root / "etc" / "systemd" / "system"
        (units / "multi-user.target.wants").mkdir(parents=True, exist_ok=True)
        (units / "field-shell.service").write_text(_SHELL, encoding="ascii")
        (units / "systemd-networkd-wait-online.service").symlink_to("/dev/null")
        wants = units / "multi-user.target.wants"
        (wants / "field-shell.service").symlink_to("../field-shell.service")
        (wants / "systemd-networkd.service").symlink_to("/lib/systemd/system/systemd-networkd.service")
        (root / "etc/systemd/network/20-cable.network").write_text(_CABLE, encoding="ascii")
        (root / "etc/hostname").write_text("ooh-field\n", encoding="ascii")
        (root / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n", encoding="ascii")
        (root / ".whole").touch()
    disk = make_disk(root, kept / "work" / "disk.img", "3G")
    return disk, next((root / "boot").glob("vmlinuz-*")), next((root / "boot").glob("initrd.img-*"))


def make_disk(root: Path, disk: Path, size: str) -> Path:
    """An ext4 image with what is in ``root``."""
    disk.parent.mkdir(parents=True, exist_ok=True)
    disk.unlink(missing_ok=True)
    _run("mke2fs", "-q", "-t", "ext4", "-d", str(root), str(disk), size)
    return disk


class Machine:
    """One virtual machine; off until :meth:`boot`."""

    def __init__(self, work: Path, disk: Path, kernel: Path, ramdisk: Path, parcels: Path) -> None:
        self.work, self.console = work, work / "console.log"
        self._disks, self._kernel, self._ramdisk = (disk, parcels), kernel, ramdisk
        self._process: subprocess.Popen[bytes] | None = None
        self._shell: socket.socket | None = None
        self._commands = 0

    def boot(self, *, cable: bool, size: tuple[int, int] = (1920, 1080)) -> float:
        """Power on; returns the seconds until its systemd has reached its goal."""
        began = time.monotonic()
        for name in ("shell", "qmp"):
            (self.work / name).unlink(missing_ok=True)
        argv = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-m", "1536", "-smp", "2"]
        argv += [
            "-accel",
            "tcg,thread=multi",
            "-cpu",
            "max",
            "-kernel",
            str(self._kernel),
            "-initrd",
            str(self._ramdisk),
        ]
        argv += ["-append", "root=/dev/vda rw console=tty1 console=ttyS0 quiet"]
        for disk in self._disks:
            argv += ["-drive", f"file={disk},format=raw,if=virtio"]
        argv += ["-vga", "none", "-device", f"virtio-gpu-pci,id=gpu,xres={size[0]},yres={size[1]}"]
        if cable:
            argv += ["-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net"]
        argv += ["-chardev", f"file,id=console,path={self.console}", "-serial", "chardev:console"]
        argv += [
            "-chardev",
            f"socket,id=shell,path={self.work / 'shell'},server=on,wait=off",
            "-serial",
            "chardev:shell",
        ]
        argv += ["-qmp", f"unix:{self.work / 'qmp'},server=on,wait=off"]
        with (self.work / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._shell = self._connect("shell")
        self._shell.settimeout(5)
        self._await_shell(600)
        self.run("systemctl is-system-running --wait", seconds=600)
        return time.monotonic() - began

    def run(self, command: str, *, seconds: float = 300) -> str:
        """Run a command in it as root; returns what it said on both its outputs."""
        assert self._shell is not None
        self._commands += 1
        mark = f"done-{self._commands}-{time.monotonic_ns()}"
        # The mark is written in two halves, so that an echo of the command is not taken for its end.
        self._shell.sendall(f"( {command}\n) </dev/null 2>&1; echo; echo '{mark[:4]}''{mark[4:]}'\n".encode())
        heard, end = bytearray(), time.monotonic() + seconds
        while mark.encode() not in heard:
            if time.monotonic() > end:
                message = f"{command}: no end within {seconds:.0f} s; so far: {bytes(heard[-2000:])!r}"
                raise TimeoutError(message)
            with suppress(TimeoutError):
                heard += self._shell.recv(65536)
        return heard.decode("utf-8", "replace").replace("\r", "").partition(mark)[0].strip()

    def picture(self, to: Path) -> Path:
        """What the display's hardware shows now, as a PNG."""
        self.ask("screendump", filename=str(to), format="png")
        return to

    def ask(self, command: str, **arguments: object) -> Any:
        """One QMP command (qemu-qmp-ref(7)) and its answer."""
        with self._connect("qmp") as line, line.makefile("rw", encoding="utf-8") as talk:
            talk.readline()
            for each, given in (("qmp_capabilities", {}), (command, arguments)):
                talk.write(json.dumps({"execute": each, "arguments": given}) + "\n")
                talk.flush()
                while "event" in (answer := json.loads(talk.readline())):
                    pass
        if "error" in answer:
            raise RuntimeError(f"{command}: {answer['error']['desc']}")
        return answer["return"]

    def halt(self) -> float:
        """An orderly end; returns the seconds it took."""
        began = time.monotonic()
        assert self._process is not None
        self._send("systemctl poweroff --no-block\n")
        self._process.wait(300)
        return time.monotonic() - began

    def cut(self) -> None:
        """The plug is pulled."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)

    def _send(self, text: str) -> None:
        assert self._shell is not None
        self._shell.sendall(text.encode())

    def _connect(self, name: str) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + 60
        while True:
            try:
                line.connect(str(self.work / name))
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
            else:
                return line

    def _await_shell(self, seconds: float) -> None:
        """What is typed before there is a shell is lost, or waits: ask again until it answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.run("true", seconds=10)
            except TimeoutError:
                if time.monotonic() > end:
                    raise
            else:
                return


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
