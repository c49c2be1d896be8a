"""The forecast says what the loop would do next, and changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from config import SlotConfig
from renderer.show import Candidates, LoopState
from renderer.show._forecast import SLOTS, as_document, forecast, write_forecast
from renderer.show.decide import LoopRules, Moment, decide
from tests.renderer.show.shapes import NOON, house, lease, ready

AD, HOUSE, CONTENT = SlotConfig(kind="ad"), SlotConfig(kind="house"), SlotConfig(kind="content", seconds=5)
RULES = LoopRules((AD, CONTENT))
AT = Moment(NOON, 1_000_000_000)


def test_it_is_what_the_loop_then_does() -> None:
    candidates = Candidates(ads=(ready("a"), ready("b", 8_000)), house=(house("h.png"),), content=True)
    rules = LoopRules((AD, HOUSE, CONTENT))
    told = forecast(None, LoopState(), candidates, rules, AT)
    state, ads, at, done = LoopState(), candidates.ads, AT, []
    for _ in range(SLOTS):
        choice = decide(state, replace(candidates, ads=ads), rules, at)
        done.append(choice.kind)
        ads = tuple(ad for ad in ads if ad != choice.ad)
        state = choice.after
        at = Moment(at.local + timedelta(milliseconds=choice.planned_ms), at.ns + choice.planned_ms * 1_000_000)
    assert [one.choice.kind for one in told] == done


def test_each_paid_ad_is_shown_once_and_starts_when_the_one_before_ends() -> None:
    candidates = Candidates(ads=(ready("a"), ready("b", 8_000)), content=True)
    told = as_document(forecast(None, LoopState(), candidates, RULES, AT), AT.ns)
    assert [(one["kind"], one["starts_in_ms"]) for one in told[:4]] == [
        ("ad", 0),
        ("content", 10_000),
        ("ad", 15_000),
        ("content", 23_000),
    ]
    assert [one["creative_id"] for one in told if one["kind"] == "ad"] == ["creative-a", "creative-b"]
    assert told[0]["exchange"] == "sandbox"


def test_a_window_that_closes_before_is_seen_ahead() -> None:
    late = replace(ready("late"), lease=replace(lease("late"), expires_at=NOON + timedelta(seconds=20)))
    candidates = Candidates(ads=(ready("a"), late), content=True)
    kinds = [
        one.choice.ad.lease.lease_id for one in forecast(None, LoopState(), candidates, RULES, AT) if one.choice.ad
    ]
    assert "late" in kinds[:1] or "late" not in kinds


def test_the_slate_ends_it() -> None:
    (only,) = forecast(None, LoopState(), Candidates(), RULES, AT)
    assert only.choice.kind == "slate"


def test_what_is_staged_comes_first() -> None:
    candidates = Candidates(ads=(ready("a"), ready("b")), content=True)
    staged = decide(LoopState(), Candidates(content=True), LoopRules((CONTENT,)), AT)
    told = forecast(staged, LoopState(), candidates, RULES, AT)
    assert told[0].choice is staged
    assert told[1].choice.kind == "ad"


def test_it_is_written_whole(tmp_path: Path) -> None:
    told = as_document(forecast(None, LoopState(), Candidates(house=(house("h.png"),)), RULES, AT), AT.ns)
    write_forecast(told, tmp_path / "next.json")
    assert json.loads((tmp_path / "next.json").read_text())[0]["creative_id"] == "h.png"
    assert [path.name for path in tmp_path.iterdir()] == ["next.json"]
    write_forecast(told, tmp_path / "none" / "next.json")
