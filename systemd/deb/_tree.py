"""The tree: a Python environment for another machine, made from the locked wheels and this checkout.

It is a venv by its own three signs (``pyvenv.cfg``, ``bin/python3``, ``lib``) and holds no path of the machine that
built it, so it runs from wherever it is unpacked.
"""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from ._libraries import BundleError, settle_libraries
from ._locales import slim_locales
from ._prune import prune
from ._target import Target

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_SOURCES = ("cache", "config", "player", "renderer", "sandbox", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
_COMMAND = """\
#!/bin/sh
# The player on its own Python environment, wherever this folder is.
exec "$(dirname "$(readlink -f "$0")")/python3" -P -m player "$@"
"""


def project_version() -> str:
    """As setup.cfg has it."""
    parser = configparser.ConfigParser()
    parser.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    return parser["metadata"]["version"]


def make_tree(tree: Path, target: Target, version: str) -> frozenset[str]:
    """Makes the folder ``tree``, and returns the names of the shared libraries that the system has to have."""
    site = tree / "lib" / f"python{target.python}" / "site-packages"
    site.mkdir(parents=True)
    _install_wheels(site, target)
    _install_player(site, version)
    prune(site)
    slim_locales(site / "babel" / "locale-data")
    system = settle_libraries(site, target)
    _make_environment(tree, target)
    _copy_units(tree)
    (tree / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    _settle_modes(tree)
    return system


def _install_wheels(site: Path, target: Target) -> None:
    """The locked wheels, by their hashes; uv evaluates the lock's markers for the target, not for this machine."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise BundleError("uv is not installed; make venv with the development packages: make lint")
    argv = [uv, "pip", "install", "--quiet", "--target", str(site), "--link-mode", "copy", "--no-deps"]
    argv += ["--python-platform", target.wheels, "--python-version", target.python]
    argv += ["--only-binary", ":all:", "--require-hashes", "-r", str(CHECKOUT / "requirements" / "runtime.lock")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundleError(f"the locked wheels for {target.arch} could not be had: {done.stderr.strip()}")


def _install_player(site: Path, version: str) -> None:
    """This checkout's packages, by way of a wheel, so that setup.cfg alone says what belongs to them."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for source in _SOURCES:
            _copy(CHECKOUT / source, work / "src" / source)
        setup = work / "src" / "setup.cfg"
        text = setup.read_text(encoding="utf-8")
        setup.write_text(text.replace(f"version = {project_version()}", f"version = {version}", 1), encoding="utf-8")
        argv = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps"]
        argv += ["--no-build-isolation", "--wheel-dir", str(work), str(work / "src")]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BundleError(f"the player's own wheel could not be built: {done.stderr.strip()}")
        with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
            wheel.extractall(site)


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    else:
        shutil.copyfile(source, to)


def _make_environment(tree: Path, target: Target) -> None:
    """Debian's own interpreter, with this folder's packages and none of the system's."""
    (tree / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {target.python}\n", encoding="utf-8"
    )
    folder = tree / "bin"
    folder.mkdir()
    (folder / "python3").symlink_to(f"/usr/bin/python{target.python}")
    (folder / "ooh-player").write_text(_COMMAND, encoding="utf-8")


def _copy_units(tree: Path) -> None:
    """Units and installer, as the checkout has them, but not what only builds packages."""
    ignore = shutil.ignore_patterns("__pycache__", "deb", "*.py")
    shutil.copytree(CHECKOUT / "systemd", tree / "systemd", ignore=ignore)
    shutil.copyfile(CHECKOUT / "config" / "player.toml", tree / "player.toml")


def _settle_modes(tree: Path) -> None:
    """What is run can be run, and all can be read, whatever the builder's umask."""
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        runs = path.is_dir() or (path.read_bytes()[:2] == b"#!" and path.parent in {tree / "bin", tree / "systemd"})
        path.chmod(0o755 if runs else 0o644)
