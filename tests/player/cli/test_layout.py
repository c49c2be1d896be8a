"""``layout``: tells and draws a layout by the configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from config import Rect
from player.cli import cli

TEMPLATE = """
[layout]
max_upscale = 2.0
[[layout.template]]
name = "left"
for_creatives = ["300x250"]
creative = "0 0 50% 100%"
anchor = "top"
panels = ["clock: 50% 0 50% 100%"]
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["layout", *map(str, arguments)])


def config(folder: Path, text: str) -> Path:
    file = folder / "player.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(autouse=True)
def _no_config_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("config._load.DEFAULT_PATH", tmp_path / "none.toml")


def test_it_tells_the_layout_and_draws_it(tmp_path: Path) -> None:
    out = tmp_path / "layout.png"
    done = run("728x90", "--size", "1920x1080", "--panels", "all", "--out", out)
    assert done.exit_code == 0, done.output
    assert "728x90 on 1920x1080: band, scale 2.64" in done.output
    assert "creative at [0, 0, 1920, 237]" in done.output
    with Image.open(out) as picture:
        assert picture.format == "PNG"
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
        assert {(231, 228, 221), (78, 117, 158), (116, 104, 156)} <= colours, "creative, weather and clock"
        assert picture.width < 1800


def test_json_is_the_contract() -> None:
    done = run("300x250", "--size", "1920x1080", "--panels", "weather,scores,clock", "--json")
    document = json.loads(done.output)
    assert document["screen"] == [1920, 1080]
    assert document["source_size"] == [300, 250]
    assert document["template"] == "column"
    assert document["layout"]["creative"] == [0, 0, 1296, 1080]
    assert [panel["kind"] for panel in document["layout"]["panels"]] == ["weather", "scores", "clock"]
    assert document["scale"] == 4.32
    assert document["left_out"] == []
    covered = sum(w * h for _, _, w, h in [[0, 0, 1296, 1080], *(p["rect"] for p in document["layout"]["panels"])])
    assert document["coverage"] == pytest.approx(covered / (1920 * 1080), abs=1e-6)


def test_the_configuration_decides(tmp_path: Path) -> None:
    file = config(tmp_path, TEMPLATE + '[screen]\nsize = "1920x1080"\n')
    document = json.loads(run("300x250", "--config", file, "--json").output)
    assert document["template"] == "left"
    assert document["layout"]["creative"] == [180, 0, 600, 500]
    assert [panel["kind"] for panel in document["layout"]["panels"]] == ["clock"]
    assert document["areas"] == [{"rect": [960, 0, 960, 1080], "kinds": ["clock"]}]
    free = json.loads(run("300x250", "--config", file, "--html5", "--json").output)
    assert free["layout"]["creative"] == [0, 0, 960, 800]


def test_a_turned_screen_is_laid_out_as_it_is_seen(tmp_path: Path) -> None:
    file = config(tmp_path, '[screen]\nsize = "1920x1080"\nrotation = 90\n')
    assert json.loads(run("300x250", "--config", file, "--json").output)["screen"] == [1080, 1920]


def test_what_is_not_set_up_is_told() -> None:
    done = run("300x250", "--size", "1920x1080")
    assert "not set up: weather, scores, headlines" in done.output
    assert "weather panel" not in done.output


@pytest.mark.parametrize("screen", ["1x1", "128x64", "16384x16384", "3x9000"])
def test_any_screen_can_be_drawn(tmp_path: Path, screen: str) -> None:
    out = tmp_path / "layout.png"
    done = run("300x250", "--size", screen, "--panels", "all", "--out", out)
    assert done.exit_code == 0, done.output
    with Image.open(out) as picture:
        assert Rect(0, 0, picture.width, picture.height).size.pixels < 3_000_000


@pytest.mark.parametrize(
    "arguments",
    [("banner",), ("0x90",), ("728x90", "--size", "99999x1"), ("728x90", "--panels", "wether"), ()],
)
def test_bad_usage_is_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_bad_configuration_is_2_with_its_line(tmp_path: Path) -> None:
    file = config(tmp_path, TEMPLATE.replace("clock:", "clok:"))
    done = run("300x250", "--config", file)
    assert done.exit_code == 2
    assert f'{file}:9: layout.template[0].panels: "clok" is no panel; did you mean clock?' in done.output


def test_a_picture_that_cannot_be_written_is_1(tmp_path: Path) -> None:
    done = run("300x250", "--out", tmp_path / "none" / "layout.png")
    assert done.exit_code == 1
    assert "file.unusable" in done.output
