"""The bundle: what is left off is loaded by nothing, what stays is untouched; the same sources give the same bytes."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from systemd.deb.__main__ import is_small, main
from systemd.deb._elf import Library, read_library, without_debug
from systemd.deb._libraries import BundleError, settle_libraries
from systemd.deb._locales import slim_locales
from systemd.deb._package import make_package
from systemd.deb._prune import SERVICES, never_imported, prune
from systemd.deb._target import TARGETS
from systemd.deb._tree import CHECKOUT
from systemd.deb._zip import make_zip

SITE = Path(sysconfig.get_paths()["platlib"])
EPOCH = 1_700_000_000
_LOAD = 1
LIBRARIES = sorted(path for folder in ("av", "lz4", "PIL", "pygame_ce.libs") for path in (SITE / folder).rglob("*.so*"))


def segments(library: Library) -> list[tuple[int, int, bytes]]:
    """What a program gets of it: each segment's address and bytes."""
    return [(each.kind, each.address, library.data[each.offset : each.offset + each.size]) for each in library.segments]


@pytest.mark.parametrize("path", random.Random(7).sample(LIBRARIES, 12), ids=lambda path: path.name)
def test_a_library_without_debug_information_is_the_same_to_a_program(path: Path, tmp_path: Path) -> None:
    before = read_library(path)
    assert before is not None
    copy = tmp_path / path.name
    copy.write_bytes(without_debug(before))
    after = read_library(copy)
    assert after is not None
    assert after.needed == before.needed
    assert len(after.data) <= len(before.data)
    header = before.spans[1][1]  # its own offsets are the one thing that moves
    for old, new, was, now in zip(segments(before), segments(after), before.segments, after.segments, strict=True):
        assert old[:2] == new[:2]
        skip = header if was.offset == 0 else 0
        assert old[2][skip:] == new[2][skip:]
        assert was.kind != _LOAD or (was.offset - now.offset) % was.align == 0


def test_a_library_without_debug_information_can_be_loaded(tmp_path: Path) -> None:
    source = next((SITE / "lz4" / "block").glob("_block*.so"))
    folder = tmp_path / "lz4" / "block"
    shutil.copytree(SITE / "lz4", tmp_path / "lz4")
    library = read_library(source)
    assert library is not None
    (folder / source.name).write_bytes(without_debug(library))
    done = _python(
        tmp_path,
        "import sys, lz4.block as b; assert b.__file__.startswith(sys.argv[1]); print(b.decompress(b.compress(b'ad')))",
        str(tmp_path),
    )
    assert done == "b'ad'"


def test_libraries_that_nothing_needs_go_and_the_systems_are_named(tmp_path: Path) -> None:
    for name in ("av", "av.libs"):
        shutil.copytree(SITE / name, tmp_path / name)
    shutil.copytree(SITE / "pygame_ce.libs", tmp_path / "pygame_ce.libs")
    machine = {62: "amd64", 183: "arm64"}[_machine()]
    system = settle_libraries(tmp_path, TARGETS[machine])
    assert list((tmp_path / "pygame_ce.libs").iterdir()) == []
    assert any(path.name.startswith("libavcodec") for path in (tmp_path / "av.libs").iterdir())
    assert "libc.so.6" in system
    assert not any(name.startswith("libav") for name in system)


def test_a_library_for_another_machine_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SITE / "lz4", tmp_path / "lz4")
    other = {62: "arm64", 183: "amd64"}[_machine()]
    with pytest.raises(BundleError, match=f"is not for {other}"):
        settle_libraries(tmp_path, TARGETS[other])


def test_every_module_is_imported_without_what_is_left_off(tmp_path: Path) -> None:
    """In a process whose packages are links to the real ones, less what the table names."""
    gone = set(never_imported(SITE))
    assert {"pip", "setuptools", "cffi", "pygments"} <= {path.name for path in gone}
    for folder in sorted({SITE, *_OPENED}):
        here = tmp_path / folder.relative_to(SITE)
        here.mkdir(exist_ok=True)
        for entry in set(folder.iterdir()) - gone - _OPENED:
            if not entry.name.startswith("__editable__"):
                (here / entry.name).symlink_to(entry)
    said = _python(tmp_path, _IMPORT_ALL, str(CHECKOUT))
    assert said.startswith("imported")
    assert int(said.split()[1]) > 300


def test_the_stream_and_its_credentials_are_still_called(tmp_path: Path) -> None:
    data = tmp_path / "botocore" / "data"
    for service in (path for path in (SITE / "botocore" / "data").iterdir() if path.is_dir()):
        (data / service.name).mkdir(parents=True)
    (data / "endpoints.json").touch()
    (data / "sts" / "notes.pyi").touch()
    prune(tmp_path)
    assert {path.name for path in data.iterdir()} == {*SERVICES, "endpoints.json"}
    assert list((data / "sts").iterdir()) == []


def test_each_locale_says_what_it_said(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(SITE / "babel", site / "babel", ignore=shutil.ignore_patterns("__pycache__", "locale-data"))
    data = site / "babel" / "locale-data"
    data.mkdir()
    for name in _LOCALES:
        shutil.copyfile(SITE / "babel" / "locale-data" / f"{name}.dat", data / f"{name}.dat")
    before = sum(path.stat().st_size for path in data.iterdir())
    assert slim_locales(data) == len(_LOCALES)
    assert sum(path.stat().st_size for path in data.iterdir()) < before / 5
    given = (str(CHECKOUT), str(SITE), *(name for name in _LOCALES if name != "root"))
    assert _python(site, _CALENDARS, *given) == _python(SITE, _CALENDARS, *given)


def test_the_same_tree_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name, mtime in (("one", 1_600_000_000), ("two", 1_800_000_000)):
        work = tmp_path / name
        tree = _little_tree(work / "tree")
        for path in (tree, *tree.rglob("*")):
            os.utime(path, (mtime, mtime), follow_symlinks=False)
        package = make_package(tree, work, TARGETS["arm64"], "1.2.3", frozenset({"libz.so.1", "libc.so.6"}), EPOCH)
        make_zip(tree, work / "bundle.zip", EPOCH)
        made.append((package.read_bytes(), (work / "bundle.zip").read_bytes()))
    assert made[0][0] == made[1][0]
    assert made[0][1] == made[1][1]


def test_the_package_is_what_dpkg_takes(tmp_path: Path) -> None:
    tree = _little_tree(tmp_path / "tree")
    package = make_package(tree, tmp_path, TARGETS["arm64"], "1.2.3", frozenset({"libz.so.1"}), EPOCH)
    fields = _said("dpkg-deb", "--field", str(package))
    assert "Package: ooh-player" in fields
    assert "Architecture: arm64" in fields
    assert "python3 (>= 3.11), python3 (<< 3.12)" in fields
    for name in ("zlib1g", "libgbm1", "libegl1", "libgles2", "libgl1-mesa-dri", "libdrm2", "libfribidi0"):
        assert name in fields
    listed = _said("dpkg-deb", "--contents", str(package))
    assert "root/root" in listed
    assert "./usr/lib/ooh-player/bin/ooh-player" in listed
    assert "./etc" not in listed  # settings are never dpkg's, so they are never written over
    _said("dpkg-deb", "--control", str(package), str(tmp_path / "control"))
    for script in ("postinst", "prerm", "postrm"):
        assert os.access(tmp_path / "control" / script, os.X_OK)
        _said("sh", "-n", str(tmp_path / "control" / script))


def test_an_unknown_library_of_the_system_is_no_guess(tmp_path: Path) -> None:
    tree = _little_tree(tmp_path / "tree")
    with pytest.raises(BundleError, match=r"libodd\.so\.1 is needed"):
        make_package(tree, tmp_path, TARGETS["arm64"], "1.2.3", frozenset({"libodd.so.1"}), EPOCH)


def test_a_zip_keeps_links_and_rights(tmp_path: Path) -> None:
    make_zip(_little_tree(tmp_path / "tree"), tmp_path / "bundle.zip", EPOCH)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        command, link = bundle.getinfo("bundle/bin/ooh-player"), bundle.getinfo("bundle/bin/python3")
        assert command.external_attr >> 16 & 0o777 == 0o755
        assert link.external_attr >> 28 == 0xA
        assert bundle.read(link) == b"/usr/bin/python3.11"


def test_there_is_no_bundle_for_a_machine_without_wheels_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["deb", "--arch", "armhf"])
    assert main() == 1
    assert "Next: a 64 bit system" in capsys.readouterr().err


@pytest.mark.parametrize(("arch", "package", "small"), [("arm64", 50, True), ("arm64", 51, False), ("amd64", 51, True)])
def test_a_bundle_for_a_pi_has_a_limit(arch: str, package: int, small: bool) -> None:
    assert is_small(TARGETS[arch], [49_000_000, package * 1_000_000]) is small


def _little_tree(tree: Path) -> Path:
    (tree / "bin").mkdir(parents=True)
    (tree / "lib").mkdir()
    (tree / "bin" / "ooh-player").write_text("#!/bin/sh\n")
    (tree / "bin" / "ooh-player").chmod(0o755)
    (tree / "bin" / "python3").symlink_to("/usr/bin/python3.11")
    (tree / "lib" / "data").write_bytes(pickle.dumps([1, 2, 3]))
    return tree


def _machine() -> int:
    library = read_library(LIBRARIES[0])
    assert library is not None
    return library.machine


def _said(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _python(site: Path, program: str, *arguments: str) -> str:
    """What a bare interpreter says that has only the packages in ``site``."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(site),
        "SDL_VIDEODRIVER": "dummy",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    argv = [sys.executable, "-S", "-P", "-W", "ignore", "-c", program, *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


_OPENED = {
    SITE / name for name in ("pygame", "pygame/_sdl2", "botocore", "botocore/data", "dateutil", "dateutil/zoneinfo")
}
"""Folders that are not linked as a whole, for something in them goes."""
# fmt: off
_LOCALES = [
    "ar", "ar_EG", "de", "de_AT", "en", "en_001", "en_AU", "es", "es_419", "es_MX", "fr", "fr_CA", "he", "hi", "it",
    "ja", "ko", "nl", "pl", "pt", "pt_PT", "root", "sr", "sr_Latn", "th", "uk", "zh", "zh_Hans", "zh_Hant",
    "zh_Hant_TW",
]
# fmt: on
_IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import cache, config, player, renderer, sandbox
count = 0
for room in (cache, config, player, renderer, sandbox):
    for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
            count += 1
import feedparser, flask.sessions, pygame._sdl2.video, rich.progress
from botocore.session import Session
keys = {"aws_access_key_id": "id", "aws_secret_access_key": "key"}
for service in ("kinesis", "sts", "sso", "sso-oidc"):
    Session().create_client(service, region_name="eu-west-1", **keys)
print("imported", count)
"""
_CALENDARS = """
import sys
sys.path[1:1] = [sys.argv[1]]
sys.path.append(sys.argv[2])
import hashlib
from renderer.panels._locale import _cldr
told = hashlib.sha256()
for name in sys.argv[3:]:
    told.update(repr((name, _cldr(name))).encode())
print(told.hexdigest())
"""
