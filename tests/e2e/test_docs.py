"""The documents tell the truth: every command and option is there, and the examples run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from player.cli import cli
from tests.e2e.harness import ooh_player

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EVERYWHERE = {"--config", "--json", "--help"}
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def section(path: tuple[str, ...]) -> str:
    """The text under a command's heading, up to the next heading."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    heading = f"\n{'#' * (len(path) + 1)} {' '.join(path)}\n"
    assert heading in text, f"docs/commands.md has no heading for {' '.join(path)}"
    return re.split(r"\n#", text.split(heading)[1])[0]


def examples() -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for block in _CONSOLE.findall(document.read_text(encoding="utf-8")):
            for line in block.splitlines():
                if line.startswith("$ ooh-player"):
                    yield document.name, line.removeprefix("$ ")


@pytest.mark.parametrize(
    ("path", "command"), list(commands(cli)), ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_every_command_and_option_is_documented(path: tuple[str, ...], command: click.Command) -> None:
    told = section(path)
    options = {name for param in command.params for name in param.opts if name.startswith("--")}
    missing = {name for name in options - EVERYWHERE if name not in told}
    assert not missing, f"docs/commands.md, {' '.join(path)}: {missing}"


def test_no_command_is_documented_that_is_gone() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    headings = {tuple(line.lstrip("# ").split()) for line in text.splitlines() if line.startswith("##")}
    assert headings == {path for path, _ in commands(cli)}


@pytest.mark.e2e
@pytest.mark.timeout(200)
def test_the_examples_run(tmp_path: Path) -> None:
    ran = 0
    for document, line in examples():
        done = ooh_player(*shlex.split(line)[1:], home=tmp_path)
        assert done.returncode == 0, f"{document}: {line}\n{done.stdout}\n{done.stderr}"
        ran += 1
    assert ran >= 9


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    for target in _LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"
