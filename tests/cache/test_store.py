"""Files in the store are whole, are what their name says, and stay within the budget."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cache import Store
from config import Code, OohError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", max_bytes=1_000)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def left_over(store: Store) -> list[str]:
    return [path.name for path in store._folder.glob(".new-*")]


def test_put_bytes(store: Store) -> None:
    name = store.put_bytes(b"creative", "creative")
    assert name == sha256(b"creative")
    path = store.path(name)
    assert path is not None
    assert (path.parent.name, path.name, path.read_bytes()) == (name[:2], f"{name}.creative", b"creative")
    assert path.stat().st_mode & 0o777 == 0o400
    assert store.put_bytes(b"creative", "creative") == name
    assert left_over(store) == []
    assert store.total_bytes() == 8


def test_put_file_moves_it_in(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "plate"
    source.write_bytes(b"plate" * 10)
    name = store.put_file(source, "plate")
    assert name == sha256(b"plate" * 10)
    assert not source.exists()
    assert [(file.sha256, file.kind, file.size_bytes) for file in store.files()] == [(name, "plate", 50)]
    source.write_bytes(b"plate" * 10)
    assert store.put_file(source, "plate") == name
    assert not source.exists()
    assert left_over(store) == []


def test_put_file_from_another_file_system(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    source = tmp_path / "plate"
    source.write_bytes(b"plate")
    monkeypatch.setattr(Path, "rename", refuse)
    assert store.path(store.put_file(source, "plate")) is not None
    assert not source.exists()


def test_a_link_is_not_taken(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (tmp_path / "link").symlink_to(secret)
    with pytest.raises(OohError, match="not a regular file"):
        store.put_file(tmp_path / "link", "plate")
    with pytest.raises(OohError):
        store.put_file(tmp_path / "missing", "plate")
    assert list(store.files()) == []
    assert left_over(store) == []


def test_verify_removes_what_is_wrong(store: Store) -> None:
    good, bad = store.put_bytes(b"good", "creative"), store.put_bytes(b"bad", "creative")
    path = store.path(bad)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(b"b\0d")
    assert (store.verify(good), store.verify(bad), store.verify("0" * 64)) == (True, False, False)
    assert store.path(bad) is None
    assert store.path(good) is not None


def test_putting_again_mends_a_damaged_file(store: Store) -> None:
    name = store.put_bytes(b"good", "creative")
    path = store.path(name)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(b"g")
    assert store.put_bytes(b"good", "creative") == name
    assert store.verify(name)


def test_the_budget_is_hard(store: Store, tmp_path: Path) -> None:
    store.put_bytes(b"x" * 600, "creative")
    source = tmp_path / "plate"
    source.write_bytes(b"y" * 401)
    with pytest.raises(OohError) as raised:
        store.put_file(source, "plate")
    assert raised.value.code is Code.CACHE_FULL
    assert source.exists()
    with pytest.raises(OohError):
        store.put_bytes(b"y" * 401, "creative")
    store.put_bytes(b"y" * 400, "creative")
    assert store.put_bytes(b"x" * 600, "creative") == sha256(b"x" * 600)  # it is there: it costs nothing


def test_names_that_are_none(store: Store) -> None:
    for name in ("", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"):
        assert store.path(name) is None
        assert not store.verify(name)
    (store._folder / "ab").mkdir()
    (store._folder / "ab" / "stray").write_text("not ours")
    assert list(store.files()) == []


def test_touch_and_remove(store: Store) -> None:
    name = store.put_bytes(b"creative", "creative")
    at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    store.touch(name, at)
    assert next(store.files()).used_at == at
    store.remove(name)
    store.remove(name)
    store.touch(name, at)
    assert store.path(name) is None


def test_what_a_crash_left_is_swept_and_what_is_being_written_is_not(store: Store) -> None:
    old, young = store._folder / ".new-1-old", store._folder / ".new-2-young"
    for temp in (old, young):
        temp.write_bytes(b"half")
    os.utime(old, (time.time() - 7_200,) * 2)
    Store(store._folder, 1_000)
    assert left_over(store) == [".new-2-young"]
    assert store.total_bytes() == 0


def test_a_file_is_synced_before_it_has_its_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        kind = "folder" if Path(f"/proc/self/fd/{handle}").resolve().is_dir() else "file"
        steps.append(f"sync {kind}")
        real_sync(handle)

    def replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr("cache._store.os.fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    store.put_bytes(b"creative", "creative")
    assert steps == ["sync folder", "sync file", "rename", "sync folder"]
