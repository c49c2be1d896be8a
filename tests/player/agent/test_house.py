"""House ads follow the operator's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache import HouseAd
from config import Config, PrepareConfig, Size, SlotConfig
from player.agent._house import LOOK_AGAIN_S, HouseAds, files_of
from player.agent._make import PlateMaker
from renderer.prepare import Geometry
from tests.player.agent.rig import FakePrepare, Rig


def house(rig: Rig, prepare: FakePrepare, *patterns: str, rings: list[int] | None = None) -> HouseAds:
    work = rig.folders.state / "work"
    geometry = Geometry.of(Config(), Size(1920, 1080))
    maker = PlateMaker(rig.cache, lambda: geometry, PrepareConfig(), work, prepare=prepare)
    loop = (SlotConfig(), SlotConfig(kind="house", creatives=patterns))

    def ring() -> None:
        if rings is not None:
            rings.append(len(rig.cache.house()))

    return HouseAds(rig.cache, maker, loop, work, 1_000, ring)


def names(ads: tuple[HouseAd, ...]) -> list[str]:
    return [ad.name for ad in ads]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    it = tmp_path / "house ads"
    it.mkdir()
    for name in ("b.png", "a.png", ".hidden", "c.txt"):
        (it / name).write_bytes(name.encode())
    return it


def test_files_folders_and_patterns(folder: Path) -> None:
    assert [file.name for file in files_of(str(folder / "b.png"))] == ["b.png"]
    assert [file.name for file in files_of(str(folder))] == ["a.png", "b.png", "c.txt"]
    assert [file.name for file in files_of(str(folder / "*.png"))] == ["a.png", "b.png"]
    assert [file.name for file in files_of(str(folder / "none-*.png"))] == []


def test_the_first_one_is_there_before_the_last(rig: Rig, folder: Path) -> None:
    rings: list[int] = []
    it = house(rig, FakePrepare(), str(folder / "*.png"), rings=rings)
    assert it.step() == LOOK_AGAIN_S
    assert names(rig.cache.house()) == ["a.png", "b.png"]
    assert rings == [1, 2]


def test_nothing_is_done_twice(rig: Rig, folder: Path) -> None:
    prepare = FakePrepare()
    rings: list[int] = []
    it = house(rig, prepare, str(folder / "*.png"), rings=rings)
    it.step()
    rings.clear()
    it.step()
    house(rig, prepare, str(folder / "*.png"), rings=rings).step()
    assert len(prepare.made) == 2
    assert rings == []


def test_changes_are_seen(rig: Rig, folder: Path) -> None:
    prepare = FakePrepare()
    it = house(rig, prepare, str(folder / "*.png"))
    it.step()
    (folder / "b.png").unlink()
    (folder / "a.png").write_bytes(b"another picture")
    (folder / "z.png").write_bytes(b"new")
    it.step()
    assert names(rig.cache.house()) == ["a.png", "z.png"]
    assert len(prepare.made) == 4
    assert (folder / "a.png").read_bytes() == b"another picture", "the operator's own file stays"


def test_a_bad_file_is_told_once_and_left_out(rig: Rig, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "a.png").write_bytes(b"bad")
    it = house(rig, FakePrepare(), str(folder / "*.png"), str(folder / "missing.png"))
    it.step()
    it.step()
    assert names(rig.cache.house()) == ["b.png"]
    assert caplog.messages.count("house.failed") == 1
    assert "house.unreadable" in caplog.messages


def test_a_file_too_large_is_refused(rig: Rig, folder: Path) -> None:
    (folder / "a.png").write_bytes(b"x" * 1_001)
    house(rig, FakePrepare(), str(folder / "*.png")).step()
    assert names(rig.cache.house()) == ["b.png"]


def test_no_files_named(rig: Rig) -> None:
    assert house(rig, FakePrepare()).step() is None
