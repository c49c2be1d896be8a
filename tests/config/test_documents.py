"""The documents say what the code says: mend a difference with ``python -m config``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import Code, Config, ExchangeConfig, keys, load
from config.__main__ import ROOT, documents

EXAMPLE = ROOT / "config" / "player.toml"
_KEY_LINE = re.compile(r"^# (?=[a-z_]+ = )", re.MULTILINE)
_SAMPLE_LINE = re.compile(r"^#     (?=\S)", re.MULTILINE)


@pytest.mark.parametrize("page", sorted(documents()), ids=lambda page: page.name)
def test_a_document_is_up_to_date(page: Path) -> None:
    assert page.read_text("utf-8") == documents()[page], "run: python -m config"


def test_config_md_has_every_key_once() -> None:
    page = (ROOT / "docs" / "config.md").read_text("utf-8")
    told: list[str] = []
    for section, table in re.findall(r"<!-- keys (\S+) -->(.*?)<!-- end -->", page, re.DOTALL):
        told += [f"{section}.{key}" for key in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)]
    assert told == [key.key for key in keys()]


def test_errors_md_has_every_code_once() -> None:
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", page, re.MULTILINE)
    assert sorted(told) == sorted(code.code for code in Code)


def test_every_key_is_described() -> None:
    for key in keys():
        assert key.description.endswith("."), key
        assert key.allowed, key


def test_codes_are_unique_and_told_in_sentences() -> None:
    assert len({code.code for code in Code}) == len(list(Code))
    for code in Code:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", code.code)
        assert code.meaning.endswith(".")
        assert code.next_step.endswith(".")


def test_the_example_file_is_the_defaults() -> None:
    assert load(EXAMPLE, {}).config == Config()


def test_the_example_file_with_every_key_uncommented(tmp_path: Path) -> None:
    text = _KEY_LINE.sub("", EXAMPLE.read_text("utf-8"))
    main = tmp_path / "player.toml"
    text = text.replace('url = ""', 'url = "https://a.example"', 1).replace('creative = ""', 'creative = "0 0 50% 50%"')
    main.write_text(text.replace('\nname = ""', '\nname = "own"', 1), "utf-8")
    loaded = load(main, {})
    assert {key.replace("[0]", "") for key in loaded.sources} == {key.key for key in keys()}
    assert "default" not in loaded.sources.values()
    assert loaded.config.exchange == (ExchangeConfig(url="https://a.example"),)
    assert loaded.config.loop == Config().loop
    assert loaded.config.panels == Config().panels
    assert loaded.config.screen.latitude is not None


def test_the_example_file_with_its_samples(tmp_path: Path) -> None:
    text = _SAMPLE_LINE.sub("", EXAMPLE.read_text("utf-8"))
    main = tmp_path / "player.toml"
    main.write_text(text, "utf-8")
    config = load(main, {}).config
    assert [slot.kind for slot in config.loop] == ["ad", "house", "content"]
    assert [exchange.currency for exchange in config.exchange] == ["EUR"]
    assert [template.name for template in config.layout.template] == ["sidebar"]


@pytest.mark.parametrize("number", range(2))
def test_the_samples_in_config_md_load(tmp_path: Path, number: int) -> None:
    page = (ROOT / "docs" / "config.md").read_text("utf-8")
    samples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(samples) == 2
    main = tmp_path / "player.toml"
    main.write_text(samples[number], "utf-8")
    load(main, {})
