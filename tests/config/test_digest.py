"""The digest of a configuration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from config import Config, ExchangeConfig, ScreenConfig, config_hash, load


def test_the_same_values_give_the_same_digest_wherever_they_were_set(tmp_path: Path) -> None:
    file = tmp_path / "player.toml"
    file.write_text('# a remark\n[screen]\nid = "a-1"\n')
    from_file = load(file, {}).config
    file.write_text("")
    from_environment = load(file, {"OOH_PLAYER_SCREEN__ID": "a-1"}).config
    assert config_hash(from_file) == config_hash(from_environment) == config_hash(Config(screen=ScreenConfig(id="a-1")))


def test_any_other_value_gives_another() -> None:
    config = Config()
    other = replace(config, screen=ScreenConfig(rotation=90))
    more = replace(config, exchange=(ExchangeConfig(url="https://a.example"),))
    assert len({config_hash(config), config_hash(other), config_hash(more)}) == 3


def test_a_password_in_a_url_has_no_part_in_it() -> None:
    one, two = (Config(exchange=(ExchangeConfig(url=f"https://u:{word}@a.example/"),)) for word in ("a", "b"))
    assert config_hash(one) == config_hash(two)
