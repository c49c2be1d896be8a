"""Which browser is found, and how it is told to behave."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Code, OohError, PrepareConfig
from renderer.prepare import browser_path
from renderer.prepare.html._browser import Browser, find_browser
from tests.renderer.prepare.html.pages import draw, page


def program(folder: Path, name: str, text: str = "\x7fELF") -> Path:
    path = folder / name
    path.write_text(text, encoding="latin-1")
    path.chmod(0o755)
    return path


def test_a_headless_shell_comes_first(tmp_path: Path) -> None:
    other = program(tmp_path, "google-chrome")
    assert browser_path({"PATH": str(tmp_path)}) is None, other
    chromium = program(tmp_path, "chromium")
    assert find_browser({"PATH": str(tmp_path)}) == Browser(chromium, stepped=False)
    shell = program(tmp_path, "headless_shell")
    assert find_browser({"PATH": str(tmp_path)}) == Browser(shell, stepped=True)


def test_the_installed_one_is_no_script() -> None:
    """Debian's commands are scripts, which would stand between us and the process that must be killed."""
    path = browser_path()
    assert path is not None, "requirements/bootstrap installs chromium-headless-shell"
    assert path.read_bytes()[:4] == b"\x7fELF"


@pytest.mark.parametrize("sandboxed", [True, False])
def test_the_sandbox_is_given_up_only_when_it_is_told_so(sandboxed: bool) -> None:
    command = Browser(Path("/b"), stepped=True).command(Path("/p"), 4.32, sandboxed=sandboxed, stepped=True)
    assert ("--no-sandbox" in command) is not sandboxed
    assert "--force-device-scale-factor=4.32" in command
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in command


def test_without_a_browser_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OohError) as caught:
        draw(tmp_path / "out", page(), PrepareConfig())
    assert caught.value.code is Code.PREPARE_NO_BROWSER
    assert "apt-get install" in caught.value.code.next_step
