"""What people bill with, in SQL over what the stream received, against the journals' own plays counted in Python."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.reporting import expected
from tests.reporting.conftest import ZONES
from tests.reporting.fleet import Fleet
from tests.reporting.warehouse import QUERIES, REPORTING, Warehouse

PERIOD = ("2026-11-19", "2026-11-22")


def test_every_play_that_was_shown_is_there_once(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.run("SELECT id, screen_id, seq, started_at, shown_ms, billable, hash, copies FROM plays")
    assert {row["id"]: (row["screen_id"], row["seq"], row["started_at"], row["hash"]) for row in rows} == {
        play.id: (play.screen_id, play.seq, expected.naive(play), play.hash) for play in played.plays
    }
    assert len(rows) == len(played.plays)
    assert sum(row["copies"] for row in rows) == len(played.arrivals) > len(rows)


def test_plays_per_campaign_and_day(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.query("plays_per_campaign_and_day", *PERIOD)
    found = {
        (row["play_date"], row["exchange"], row["campaign_id"], row["currency"]): (
            row["plays"],
            row["billable_plays"],
            row["impressions"],
            row["amount"],
        )
        for row in rows
    }
    wanted = expected.campaigns(played.plays, expected.day)
    assert {key: value[:3] for key, value in found.items()} == {key: value[:3] for key, value in wanted.items()}
    assert {key: value[3] or Decimal(0) for key, value in found.items()} == {k: v[3] for k, v in wanted.items()}
    assert sum(row["billable_without_multiplier"] for row in rows) == sum(
        play.billable and play.multiplier is None for play in played.plays
    )


def test_plays_per_campaign_and_local_day(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.query("plays_per_campaign_and_local_day", "2026-11-20", "2026-11-21")
    found = {
        (row["local_date"], row["exchange"], row["campaign_id"], row["currency"]): (row["plays"], row["amount"])
        for row in rows
    }
    local = expected.campaigns(played.plays, lambda play: expected.day(play, ZONES.get(play.screen_id, "UTC")))
    assert found == {key: (v[0], v[3]) for key, v in local.items() if key[0].day in {20, 21}}
    in_utc = expected.campaigns(played.plays, expected.day)
    assert found != {key: (v[0], v[3]) for key, v in in_utc.items() if key[0].day in {20, 21}}


def test_a_period_is_a_period(warehouse: Warehouse) -> None:
    whole = warehouse.query("plays_per_campaign_and_day", *PERIOD)
    one = warehouse.query("plays_per_campaign_and_day", "2026-11-20", "2026-11-20")
    assert one == [row for row in whole if row["play_date"].day == 20]
    assert warehouse.query("plays_per_campaign_and_day", "2026-11-23", "2026-11-30") == []


def test_share_of_voice(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.query("share_of_voice", *PERIOD)
    of_screen = expected.grouped(played.plays, lambda play: (play.screen_id,))
    groups = expected.grouped(
        played.plays,
        lambda play: (
            play.screen_id,
            (play.advertiser_domain or play.campaign_id or "unknown") if play.kind == "ad" else play.kind,
        ),
    )
    assert len(rows) == len(groups)
    for row in rows:
        group = groups[row["screen_id"], row["voice"]]
        shown_ms = sum(play.shown_ms or 0 for play in group)
        all_ms = sum(play.shown_ms or 0 for play in of_screen[row["screen_id"],])
        assert row["plays"] == len(group)
        assert row["shown_seconds"] == shown_ms / 1000
        assert row["percent_of_time"] == round(100 * shown_ms / all_ms, 3)
        assert row["percent_of_plays"] == round(100 * len(group) / len(of_screen[row["screen_id"],]), 3)


def test_unbillable_by_reason(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.query("unbillable_by_reason", *PERIOD)
    unpaid = [play for play in played.plays if play.kind == "ad" and not play.billable]
    groups = expected.grouped(
        unpaid, lambda play: (play.exchange, play.campaign_id, expected.reason(play), play.currency)
    )
    found = {
        (r["exchange"], r["campaign_id"], r["reason"], r["currency"]): (r["plays"], r["lost_amount"]) for r in rows
    }
    assert found == {key: (len(group), sum(map(expected.worth, group))) for key, group in groups.items()}
    assert {"display off", "outside the lease", "length unknown (crash)"} <= {row["reason"] for row in rows}


def test_uptime(warehouse: Warehouse, played: Fleet) -> None:
    rows = {(row["screen_id"], row["uptime_date"]): row for row in warehouse.query("uptime", *PERIOD * 2)}
    groups = expected.grouped(played.plays, lambda play: (play.screen_id, expected.day(play)))
    assert {key for key in rows if key[0] == "screen-3"} == set(), "screen-3 is not in the table of screens"
    for key, row in rows.items():
        shown_ms = sum(play.shown_ms or 0 for play in groups[key] if play.shown_ms)
        assert row["shown_seconds"] == shown_ms / 1000, key
        assert row["percent_up"] == round(shown_ms / 864_000, 3)
        off = sum(play.shown_ms or 0 for play in groups[key] if play.display == "off")
        assert row["display_off_seconds"] == off / 1000


def test_nothing_is_missing_and_nothing_doubled(warehouse: Warehouse) -> None:
    assert warehouse.query("seq_gaps", *PERIOD) == []
    assert warehouse.query("seq_doubled", *PERIOD) == []


def test_latency(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.query("latency", *PERIOD)
    groups = expected.grouped(played.plays, lambda play: (expected.day(play),))
    assert {row["play_date"]: row["plays"] for row in rows} == {key[0]: len(group) for key, group in groups.items()}
    for row in rows:
        assert row["within_15_minutes"] + row["within_a_day"] + row["later"] == row["plays"]
        assert 0 <= row["median_seconds"] <= row["p95_seconds"] <= row["longest_seconds"] < 6 * 3600
        assert row["plays_with_a_doubtful_clock"] == 0


def test_counting_inside_one_day_bills_too_much(warehouse: Warehouse, played: Fleet) -> None:
    rows = warehouse.query("arrivals", *PERIOD)
    first: dict[str, str] = {}
    by_day = {(f"{one.at:%Y-%m-%d}", _id(one.line)) for one in played.arrivals}
    for one in sorted(played.arrivals, key=lambda one: one.at):
        first.setdefault(_id(one.line), f"{one.at:%Y-%m-%d}")
    for row in rows:
        assert row["lines"] == sum(f"{one.at:%Y-%m-%d}" == row["dt"] for one in played.arrivals)
        assert row["new_plays"] == sum(day == row["dt"] for day in first.values())
        assert row["counted_inside_the_day"] == sum(day == row["dt"] for day, _ in by_day)
        assert (row["lines_without_id"], row["conflicting"]) == (0, 0)
    assert sum(row["new_plays"] for row in rows) == len(played.plays)
    over = sum(row["counted_inside_the_day"] for row in rows) - len(played.plays)
    assert over > 0, "no copy came on another day: the test proves nothing"


def test_the_exchanges_report_beside_the_stream(warehouse: Warehouse, played: Fleet) -> None:
    told = expected.campaigns(played.plays, expected.day)
    keys = sorted((key for key, value in told.items() if value[1]), key=str)
    report = [
        {
            "report_date": str(key[0]),
            "exchange": key[1],
            "campaign_id": key[2] or "",
            "currency": key[3],
            "plays": told[key][1],
            "impressions": str(told[key][2]),
            "amount": str(told[key][3]),
        }
        for key in keys
    ]
    report[0]["plays"] += 3
    missing = report.pop()
    report.append({**missing, "campaign_id": "nobody's", "plays": 9, "impressions": "9", "amount": "0.09"})
    warehouse.fill("exchange_report", report)
    rows = warehouse.query("discrepancy", *PERIOD * 2)
    by_key = {(str(r["report_date"]), r["exchange"], r["campaign_id"], r["currency"]): r for r in rows}
    odd = {key: row for key, row in by_key.items() if row["finding"] != "same"}
    assert len(by_key) == len(keys) + 1
    assert {row["finding"] for row in odd.values()} == {"different", "only in the stream", "only in the report"}
    assert len(odd) == 3
    different = next(row for row in odd.values() if row["finding"] == "different")
    assert different["plays_difference"] == -3
    assert different["plays_percent"] == round(-300 / report[0]["plays"], 3)
    assert different["amount_difference"] == 0
    only_report = next(row for row in odd.values() if row["finding"] == "only in the report")
    assert (only_report["plays_in_stream"], only_report["plays_in_report"]) == (0, 9)


def test_every_query_is_tested_and_told_of() -> None:
    here = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    told = (REPORTING / "README.md").read_text(encoding="utf-8")
    for query in QUERIES:
        assert f'"{query.stem}"' in here, f"{query.stem} has no test"
        assert f"queries/{query.name}" in told, f"docs/reporting/README.md does not tell of {query.name}"


def _id(line: bytes) -> str:
    return line.split(b'"id":"')[1][:36].decode()
