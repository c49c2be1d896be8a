"""For which machine: Debian's name of it, the wheels' name, what its ELF files say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One machine and the Python of its Debian."""

    arch: str
    """As ``dpkg --print-architecture`` says it."""
    wheels: str
    """As ``uv pip install --python-platform`` takes it. The glibc is at most Debian 12's, 2.36."""
    machine: int
    """``e_machine`` of its ELF files (ELF gABI, chapter 4)."""
    python: str = "3.11"

    @property
    def next_python(self) -> str:
        """The first version that the compiled modules do not fit."""
        major, minor = self.python.split(".")
        return f"{major}.{int(minor) + 1}"


TARGETS = {
    "amd64": Target("amd64", "x86_64-manylinux_2_36", 62),
    "arm64": Target("arm64", "aarch64-manylinux_2_36", 183),
}
