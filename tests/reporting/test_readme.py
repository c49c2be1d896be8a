"""The examples of docs/reporting/README.md run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.e2e.harness import ooh_player
from tests.reporting.fleet import Fleet
from tests.reporting.warehouse import REPORTING, Warehouse

TEXT = (REPORTING / "README.md").read_text(encoding="utf-8")


def test_the_sql_examples_answer(warehouse: Warehouse, played: Fleet) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for block in blocks:
        rows = warehouse.run(block)
        mine = [play for play in played.plays if play.advertiser_domain == "brioche.example" and play.billable]
        assert sum(row["plays"] for row in rows) == len(mine) > 0


@pytest.mark.e2e
def test_the_commands_run(tmp_path: Path) -> None:
    lines = re.findall(r"^\$ (ooh-player .*)$", TEXT, re.MULTILINE)
    assert lines
    for line in lines:
        done = ooh_player(*shlex.split(line)[1:], home=tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)", TEXT):
        assert (REPORTING / target).exists(), target


def test_every_file_is_told_of() -> None:
    for file in sorted(REPORTING.rglob("*.*")):
        name = file.relative_to(REPORTING).as_posix()
        told = name in TEXT or (name.startswith("aws/") and "`aws/glue-*.json`" in TEXT and "aws/firehose-json" in TEXT)
        assert told or name == "README.md", name
