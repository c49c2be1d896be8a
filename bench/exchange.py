"""What an answer costs: parse and decide, for OpenRTB with ten bids and for VAST of 30 kB.

``python -m bench.exchange [--rounds 200]`` reads each answer over and over in this process, as the agent does, and
prints the median and the slowest time of one reading, the memory that it takes at its peak (tracemalloc, in a run of
its own, which is slower), and what importing the dialect adds to the process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from cache import SystemClock
from config import AdsConfig, Code, ExchangeConfig, OohError, ScreenConfig, Size
from player.exchange import Offered, Opportunity, Rules, ScreenIdentity
from player.exchange.openrtb._desk import OpenDesk
from player.exchange.openrtb._request import asked_for, encode_request
from player.exchange.openrtb._response import read_response
from player.exchange.vast import VastAsking, vast_leases
from player.fetch import HttpAnswer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WHO = ScreenIdentity.of(ScreenConfig(id="bench-1"), "bench")
RULES = Rules.of(AdsConfig(blocked_domains=("rival.example",), blocked_categories=("IAB8-5", "2/210")))
WANTED = Opportunity(screen=Size(1920, 1080), duration_ms=10_000, rules=RULES)


@dataclass(frozen=True, slots=True)
class Case:
    """One answer, and how it is read."""

    name: str
    size_bytes: int
    read: Callable[[], object]


class _NoNetwork:
    """``Http`` of a bench: nothing goes out."""

    def request(self, *_: object, **__: object) -> HttpAnswer:
        """Refuses."""
        raise OohError(Code.FETCH_REFUSED, "a bench asks nobody")


def openrtb_answer(bids: int) -> bytes:
    """An answer as SSPs send it: each bid with a linked picture, a pixel, all notices, categories and attributes."""
    document = {
        "id": "req-1",
        "bidid": "answer-1",
        "cur": "USD",
        "seatbid": [{"seat": f"seat-{number % 3}", "bid": [_bid(number)]} for number in range(bids)],
    }
    return json.dumps(document).encode()


def vast_answer(size_bytes: int) -> bytes:
    """An in-line ad of about that size: many media files, and trackers of several vendors for every event."""
    events = ("start", "firstQuartile", "midpoint", "thirdQuartile", "complete", "pause", "resume")
    files = "".join(
        f'<MediaFile delivery="progressive" type="video/mp4" bitrate="{rate}" width="{width}" '
        f'height="{width * 9 // 16}">'
        f"<![CDATA[https://cdn.example/films/{rate}/film.mp4?token=abcdefghijklmnop]]></MediaFile>"
        for rate, width in ((600, 640), (1_200, 960), (2_500, 1_280), (5_000, 1_920), (8_000, 1_920), (20_000, 3_840))
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><VAST version="4.2" xmlns="http://www.iab.com/VAST"><Ad id="1"><InLine>'
        "<AdSystem>bench</AdSystem><AdTitle>Film</AdTitle><Error><![CDATA[https://t.example/e?c=[ERRORCODE]]]></Error>"
        "<Impression><![CDATA[https://t.example/i?cb=[CACHEBUSTING]]]></Impression><Creatives><Creative><Linear>"
        "<Duration>00:00:15</Duration><TrackingEvents>"
    )
    tail = f"</TrackingEvents><MediaFiles>{files}</MediaFiles></Linear></Creative></Creatives></InLine></Ad></VAST>"
    trackers: list[str] = []
    room = size_bytes - len(head) - len(tail)
    for number in count():
        url = (
            f"https://vendor-{number % 9}.example/track/{number:04d}?e=x&cb=[CACHEBUSTING]&t=[TIMESTAMP]&p=[PLAYERSIZE]"
        )
        tracker = f'<Tracking event="{events[number % len(events)]}"><![CDATA[{url}]]></Tracking>'
        room -= len(tracker)
        if room < 0:
            break
        trackers.append(tracker)
    return (head + "".join(trackers) + tail).encode()


def cases() -> list[Case]:
    """What is measured."""
    config = ExchangeConfig(url="https://x.example/rtb", name="bench", floor_cpm=1.0)
    asked = asked_for(config, WANTED, "req-1", NOW)
    answer, film = openrtb_answer(10), vast_answer(30_000)
    clock = SystemClock()
    desk = OpenDesk(config, WHO, _NoNetwork(), clock, asked, clock.monotonic_ns() + 10**15, for_real=False)
    asking = VastAsking.of(ExchangeConfig(kind="vast", url="https://x.example/vast"), WHO, WANTED, "req-1", NOW)
    ids = (f"lease-{number}" for number in count())

    def fetch(_url: str) -> HttpAnswer:
        raise OohError(Code.FETCH_REFUSED, "a bench asks nobody")

    request = encode_request(asked, config, WHO)
    return [
        Case("OpenRTB request, written", len(request), lambda: encode_request(asked, config, WHO)),
        Case("OpenRTB answer, 10 bids", len(answer), lambda: read_response(answer, asked, desk).result),
        Case("VAST answer, 30 kB", len(film), lambda: vast_leases(film, asking, fetch, lambda: next(ids)).result),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    print(f"{'':28}{'bytes':>8}{'median ms':>11}{'slowest ms':>12}{'peak kB':>9}")
    for case in cases():
        found = case.read()
        if not isinstance(found, (bytes, Offered)):
            raise SystemExit(f"{case.name}: no lease came of it: {found}")
        took_ms = [_took_ms(case) for _ in range(rounds)]
        slowest, median = max(took_ms), statistics.median(took_ms)
        print(f"{case.name:28}{case.size_bytes:8}{median:11.2f}{slowest:12.2f}{_peak_kb(case):9.0f}")
    print(f"importing the dialects adds {_import_mb():.1f} MB to a process that has the HTTP client")
    return 0


def _bid(number: int) -> dict[str, object]:
    notice = f"https://dsp-{number}.example/%s?b={number}&p=${{AUCTION_PRICE}}&i=${{AUCTION_IMP_ID}}&m=${{AUCTION_MULTIPLIER}}"
    return {
        "id": f"bid-{number}",
        "impid": "1",
        "price": 1.5 + number / 10,
        "adm": f'<a href="https://brand-{number}.example/?c=1&amp;d=2"><img src="https://cdn.example/{number}.jpg" '
        f'width="1920" height="1080"></a><img src="{notice % "pixel"}" width=1 height=1 style="display:none">'
        + "<!-- filler -->"
        * 40,
        "nurl": notice % "win",
        "burl": notice % "bill",
        "lurl": notice % "loss" + "&l=${AUCTION_LOSS}&w=${AUCTION_MIN_TO_WIN}",
        "adomain": [f"brand-{number}.example"],
        "cat": ["IAB3-1", "IAB22"],
        "attr": [6, 12],
        "crid": f"creative-{number}",
        "cid": f"campaign-{number}",
        "w": 1920,
        "h": 1080,
        "dur": 10,
        "exp": 600,
        "ext": {"brand": "x" * 100},
    }


def _took_ms(case: Case) -> float:
    begun_ns = time.perf_counter_ns()
    case.read()
    return (time.perf_counter_ns() - begun_ns) / 1e6


def _peak_kb(case: Case) -> float:
    tracemalloc.start()
    case.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1000


def _import_mb() -> float:
    """Resident size after importing the dialects, over that with the HTTP client alone."""
    show = "import psutil; print(psutil.Process().memory_info().rss)"
    sizes = [
        int(subprocess.run([sys.executable, "-c", f"import {what}\n{show}"], capture_output=True, check=True).stdout)
        for what in ("player.fetch", "player.exchange")
    ]
    return (sizes[1] - sizes[0]) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
