"""A board as the kernel's files tell of it: a Raspberry Pi with a card, a display and two links."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cache import Folders
from player.machine import Machine, MachineWatch, Meter, Roots, read_machine
from tests.fakes import FakeClock

SECTOR = 512


@dataclass
class FakeBoard:
    """Its files lie under ``folder``; tests write others over them."""

    folder: Path
    clock: FakeClock
    asked: list[str] = field(default_factory=list)
    """Calls of the firmware's program."""

    def __post_init__(self) -> None:
        self.folders = Folders(self.folder / "state", self.folder / "run")
        for made in (self.folders.state, self.folders.run):
            made.mkdir(parents=True, exist_ok=True)
        root = self.folder / "root"
        self.roots = Roots(root / "proc", root / "sys", root / "run", root / "etc", root / "var")

    def write(self, path: str, text: str | bytes) -> Path:
        """A file below the roots: ``sys/class/net/eth0/type``."""
        file = self.folder / "root" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def written(self, sectors: int) -> None:
        """So much was written to the card since boot."""
        row = "{major} {minor} {name} 100 0 800 10 50 0 {sectors} 20 0 30 40"
        rows = [
            row.format(major=179, minor=0, name="mmcblk0", sectors=sectors),
            row.format(major=179, minor=2, name="mmcblk0p2", sectors=sectors // 2),
        ]
        self.write("proc/diskstats", "\n".join(rows) + "\n")

    def ticks(self, user: int, idle: int) -> None:
        """Of both cores, since boot."""
        self.write("proc/stat", f"cpu  {user} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 2 3\ncpu1 1 2 3\nctxt 5\n")

    def like_a_pi(self) -> FakeBoard:
        """Every file that is read."""
        self.write("proc/uptime", "120.50 200.00\n")
        self.write("proc/loadavg", "0.42 0.30 0.20 1/200 999\n")
        self.write("proc/meminfo", "MemTotal:  1000 kB\nMemFree: 10 kB\nMemAvailable: 600 kB\nHugePages_Total: 0\n")
        self.write("proc/cgroups", "#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t0\t97\t0\n")
        self.write("proc/device-tree/model", b"Raspberry Pi 4 Model B Rev 1.5\0")
        self.write("etc/os-release", 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
        self.write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids\n")
        self.write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
        self.write("sys/class/thermal/thermal_zone0/temp", "61322\n")
        self.write("sys/class/hwmon/hwmon0/name", "rpi_volt\n")
        self.write("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "0\n")
        self.write("sys/bus/platform/devices/soc:firmware/get_throttled", "0\n")
        self._card()
        self._links()
        self._displays()
        self.ticks(100, 100)
        return self

    def read(self, **options: float) -> Machine:
        """As ``doctor`` would."""
        return read_machine(
            self.folders,
            self.clock,
            roots=self.roots,
            meter=Meter(),
            ask_firmware=self.firmware,
            addresses=self.addresses,
            **options,
        )

    def watch(self, rescue_asked_ms: int | None = None) -> MachineWatch:
        """As the agent would."""
        return MachineWatch(
            self.folders,
            self.clock,
            roots=self.roots,
            rescue_asked_ms=lambda: rescue_asked_ms,
            ask_firmware=self.firmware,
            addresses=self.addresses,
        )

    told: str | None = None
    """What the firmware's program prints."""

    def firmware(self) -> str | None:
        self.asked.append("get_throttled")
        return self.told

    @staticmethod
    def addresses() -> dict[str, list[str]]:
        return {
            "lo": ["127.0.0.1", "::1"],
            "eth0": ["10.0.0.7", "fe80::1%eth0", "2001:db8::7"],
            "wlan0": ["169.254.3.4"],
            "docker0": [],
        }

    def _card(self) -> None:
        point = self.folders.state.resolve()
        lines = [
            "20 1 0:19 / /proc rw,nosuid - proc proc rw",
            "21 1 179:2 / / rw,noatime - ext4 /dev/root rw,errors=remount-ro",
            f"22 21 179:2 / {str(point).replace(' ', chr(92) + '040')} rw - ext4 /dev/root rw",
        ]
        self.write("proc/self/mountinfo", "\n".join(lines) + "\n")
        self.write("sys/devices/mmc/block/mmcblk0/size", "1\n")
        self.write("sys/devices/mmc/block/mmcblk0/mmcblk0p2/partition", "2\n")
        for link, target in (
            ("dev/block/179:2", "devices/mmc/block/mmcblk0/mmcblk0p2"),
            ("class/block/mmcblk0p2", "devices/mmc/block/mmcblk0/mmcblk0p2"),
            ("class/block/mmcblk0", "devices/mmc/block/mmcblk0"),
        ):
            path = self.roots.sys / link
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(self.roots.sys / target)
        self.write("sys/fs/ext4/mmcblk0p2/errors_count", "0\n")
        self.write("sys/fs/ext4/mmcblk0p2/lifetime_write_kbytes", "1000000000\n")
        self.written(2_000)

    def _links(self) -> None:
        for name, kind, state, speed in (
            ("lo", "772", "unknown", None),
            ("eth0", "1", "up", "1000"),
            ("wlan0", "1", "dormant", None),
            ("docker0", "1", "down", None),
        ):
            self.write(f"sys/class/net/{name}/type", f"{kind}\n")
            self.write(f"sys/class/net/{name}/operstate", f"{state}\n")
            if speed:
                self.write(f"sys/class/net/{name}/speed", f"{speed}\n")
        self.write("sys/class/net/eth0/device/vendor", "x")
        self.write("sys/class/net/wlan0/device/vendor", "x")
        self.write("sys/class/net/wlan0/uevent", "DEVTYPE=wlan\nINTERFACE=wlan0\n")
        self.write("sys/class/net/docker0/uevent", "DEVTYPE=bridge\n")
        head = "Inter-| sta-|\n face | tus |\n"
        self.write("proc/net/wireless", f"{head} wlan0: 0000   54.  -56.  -256        0      0      0\n")

    def _displays(self) -> None:
        for name, status, modes, power in (
            ("card1-HDMI-A-1", "disconnected", "", "Off"),
            ("card1-HDMI-A-2", "connected", "1920x1080\n1280x720\n", "On"),
        ):
            self.write(f"sys/class/drm/{name}/status", f"{status}\n")
            self.write(f"sys/class/drm/{name}/modes", modes)
            self.write(f"sys/class/drm/{name}/dpms", f"{power}\n")
            self.write(f"sys/class/drm/{name}/edid", b"\x00\xff edid" if status == "connected" else b"")
        self.write("sys/class/drm/card1/dev", "226:1\n")
