"""What the doctor says of fonts, browser, box, memory, power and heat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from player.doctor import _parts as parts
from tests.player.doctor.patients import HEALTHY, is_told, patient


def test_the_bundled_fonts_are_there(tmp_path: Path) -> None:
    assert is_told(parts.look_at_fonts(patient(tmp_path)), "ok", "bundled fonts")


def test_a_folder_without_a_font_fails(tmp_path: Path) -> None:
    assert is_told(
        parts.look_at_fonts(patient(tmp_path, fonts=tmp_path)), "fail", "missing", "Install the player again"
    )


def test_a_broken_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "Broken.otf").write_bytes(b"no font")
    assert is_told(parts.look_at_fonts(patient(tmp_path, fonts=tmp_path)), "fail", "Broken.otf", "Install the player")


def test_a_system_without_text_shaping_is_told_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.features.check", lambda _name: False)
    assert is_told(parts.look_at_fonts(patient(tmp_path)), "warn", "shaping", "libfribidi0")


def test_the_browser_is_named_or_wished_for(tmp_path: Path) -> None:
    bare = patient(tmp_path, environ={"PATH": str(tmp_path)})
    assert is_told(parts.look_at_browser(bare), "warn", "none", "apt-get install chromium-headless-shell")
    (tmp_path / "headless_shell").write_text("x")
    (tmp_path / "headless_shell").chmod(0o755)
    assert is_told(parts.look_at_browser(bare), "ok", "headless_shell")


@pytest.mark.parametrize(("offered", "grade"), [(True, "ok"), (False, "warn")])
def test_a_box_without_a_filter_is_told(monkeypatch: pytest.MonkeyPatch, offered: bool, grade: str) -> None:
    monkeypatch.setattr(parts, "can_filter_calls", lambda: offered)
    assert is_told(parts.look_at_box(), grade, "decoded under limits")


@pytest.mark.parametrize(
    ("figures", "grade", "what"),
    [
        ({}, "ok", "3000 of 4000 MB can be used, limits hold"),
        ({"limits_hold": None}, "ok", "3000 of 4000 MB can be used"),
        ({"limits_hold": False}, "warn", "limits do not hold"),
        ({"available_bytes": 50_000_000}, "warn", "only 50 MB"),
        ({"total_bytes": None, "available_bytes": None}, "ok", "not known"),
    ],
)
def test_memory(tmp_path: Path, figures: dict[str, object], grade: str, what: str) -> None:
    machine = replace(HEALTHY, memory=replace(HEALTHY.memory, **figures))  # type: ignore[arg-type]
    assert is_told(parts.look_at_memory(patient(tmp_path, machine=machine)), grade, what)


@pytest.mark.parametrize(
    ("figures", "grade", "what"),
    [
        ({}, "ok", "has held"),
        ({"under_voltage": True, "under_voltage_since_boot": True}, "fail", "too weak now"),
        ({"under_voltage_since_boot": True}, "warn", "since the last start"),
        ({"under_voltage": None, "under_voltage_since_boot": None}, "ok", "does not tell"),
    ],
)
def test_power(tmp_path: Path, figures: dict[str, object], grade: str, what: str) -> None:
    machine = replace(HEALTHY, power=replace(HEALTHY.power, **figures))  # type: ignore[arg-type]
    assert is_told(parts.look_at_power(patient(tmp_path, machine=machine)), grade, what)


@pytest.mark.parametrize(
    ("celsius", "power", "grade", "what"),
    [
        (55.0, {}, "ok", "55 °C"),
        (None, {}, "ok", "no sensor"),
        (84.6, {}, "warn", "85 °C"),
        (70.0, {"throttled": True}, "warn", "slowed down now"),
        (70.0, {"throttled_since_boot": True}, "warn", "since the last start"),
    ],
)
def test_temperature(tmp_path: Path, celsius: float | None, power: dict[str, bool], grade: str, what: str) -> None:
    processor = replace(HEALTHY.processor, temperature_c=celsius)
    machine = replace(HEALTHY, processor=processor, power=replace(HEALTHY.power, **power))
    assert is_told(parts.look_at_temperature(patient(tmp_path, machine=machine)), grade, what)
