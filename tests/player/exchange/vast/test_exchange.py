"""A tag over HTTP: what is asked, how its answers are judged, how long its whole chain may take, what is told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from config import Code, ExchangeConfig, OohError
from player.backoff import ThrottledError
from player.exchange import NoFill, Offered, RefusedError, find_dialect, open_exchange
from player.exchange.vast import Vast
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.exchange.vast.documents import SCREEN, SLOT, inline, linear, media, played, vast, wrapper
from tests.player.fake_http import FakeHttp

TAG = "https://ads.test/vast?size=[PLAYERSIZE]&cb=[CACHEBUSTING]&t=%5BTIMESTAMP%5D&id=[IFA]"
CONFIG = ExchangeConfig(url=TAG, kind="vast", name="acme", timeout_ms=4_000)


def answer(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpAnswer:
    return HttpAnswer(status, headers or {}, body.encode())


def ask(http: FakeHttp, clock: FakeClock | None = None, config: ExchangeConfig = CONFIG) -> Offered | NoFill:
    return open_exchange(config, SCREEN, http, clock or FakeClock()).ask(SLOT)


def test_the_tag_is_asked_with_its_macros_filled() -> None:
    http = FakeHttp(answer(vast(inline())))
    assert isinstance(ask(http), Offered)
    (asked,) = http.asked
    assert (asked.method, asked.body) == ("GET", None)
    assert "xml" in asked.headers["Accept"]
    query = parse_qs(urlsplit(asked.url).query)
    assert query["size"] == ["1920,1080"]
    assert query["id"] == ["screen-1"]
    assert query["t"] == ["2026-11-22T12:00:00.000+00:00"]
    assert query["cb"][0].isdigit()
    assert "[" not in asked.url


def test_every_request_has_its_own_random_number_and_transaction() -> None:
    http = FakeHttp(answer(vast(inline())))
    clock = FakeClock()
    config = ExchangeConfig(url="https://ads.test/?[CACHEBUSTING]&[TRANSACTIONID]", kind="vast")
    exchange = Vast().open(config, SCREEN, http, clock)
    for _ in range(5):
        exchange.ask(SLOT)
        clock.advance(1)
    assert len({asked.url for asked in http.asked}) == 5


def test_a_transaction_runs_along_the_chain() -> None:
    """Macro TRANSACTIONID: "propagated unchanged through subsequent requests"."""
    onward = vast(wrapper("https://w.test/?t=[TRANSACTIONID]"))
    config = ExchangeConfig(url="https://ads.test/?t=[TRANSACTIONID]", kind="vast")
    http = FakeHttp(by_host={"ads.test": answer(onward), "w.test": answer(vast(inline()))})
    offered = ask(http, config=config)
    assert isinstance(offered, Offered)
    first, second = (parse_qs(urlsplit(asked.url).query)["t"] for asked in http.asked)
    assert first == second == [offered.leases[0].request_id]


@pytest.mark.parametrize(
    "coming",
    [HttpAnswer(204, {}, b""), answer(""), answer(" \r\n"), answer(vast())],
    ids=["204", "empty", "blank", "no-ad"],
)
def test_no_fill(coming: HttpAnswer) -> None:
    assert isinstance(ask(FakeHttp(coming)), NoFill)


@pytest.mark.parametrize(("status", "wait_s"), [(429, 7.0), (503, 7.0)], ids=str)
def test_throttled(status: int, wait_s: float) -> None:
    with pytest.raises(ThrottledError) as raised:
        ask(FakeHttp(answer("later", status, {"retry-after": "7"})))
    assert (raised.value.code, raised.value.retry_after_s) == (Code.EXCHANGE_THROTTLED, wait_s)


@pytest.mark.parametrize(
    ("coming", "code"),
    [
        (answer("gone", 404), Code.EXCHANGE_UNAVAILABLE),
        (answer("oops", 500), Code.EXCHANGE_UNAVAILABLE),
        (OohError(Code.FETCH_TIMEOUT, "slow"), Code.EXCHANGE_UNAVAILABLE),
        (OohError(Code.FETCH_NETWORK, "down"), Code.EXCHANGE_UNAVAILABLE),
        (OohError(Code.FETCH_TOO_LARGE, "big"), Code.EXCHANGE_INVALID),
        (answer("<html></html>"), Code.EXCHANGE_INVALID),
        (answer(vast(inline(linear("")))), Code.EXCHANGE_NO_CREATIVE),
        (answer(vast(wrapper(""))), Code.EXCHANGE_INVALID),
    ],
    ids=["404", "500", "timeout", "down", "large", "page", "no-media", "bad-wrapper"],
)
def test_failures(coming: HttpAnswer | OohError, code: Code) -> None:
    with pytest.raises(OohError) as raised:
        ask(FakeHttp(coming))
    assert raised.value.code is code


def test_the_whole_chain_has_the_time_of_one_answer() -> None:
    """§2.3.6.3 code 301."""
    clock = FakeClock()

    class Slow(FakeHttp):
        def request(self, method: str, url: str, **how: object) -> HttpAnswer:
            found = super().request(method, url, **how)  # type: ignore[arg-type]
            clock.advance(1.5)
            return found

    chain = {f"w{at}.test": answer(vast(wrapper(f"https://w{at + 1}.test/", name=f"wrap{at}"))) for at in range(1, 5)}
    http = Slow(by_host={"ads.test": answer(vast(wrapper("https://w1.test/", name="wrap0"))), **chain})
    with pytest.raises(RefusedError) as raised:
        ask(http, clock)
    assert raised.value.code is Code.EXCHANGE_UNAVAILABLE
    assert [asked.timeout_s for asked in http.asked] == [4.0, 2.5, 1.0]
    assert [notice.url for notice in raised.value.notices] == [f"https://wrap{at}.test/error?c=301" for at in range(3)]


def test_the_token_is_the_tags_and_no_wrappers(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("s3cret\n")
    secret.chmod(0o600)
    config = ExchangeConfig(url="https://ads.test/", kind="vast", token_file=str(secret))
    http = FakeHttp(by_host={"ads.test": answer(vast(wrapper("https://w.test/"))), "w.test": answer(vast(inline()))})
    ask(http, config=config)
    assert [asked.headers.get("Authorization") for asked in http.asked] == ["Bearer s3cret", None]


def test_an_explanation_tells_everything_and_calls_nothing() -> None:
    http = FakeHttp(answer(vast(inline(linear(""), ad='id="bad"'), inline())))
    told = Vast().open(CONFIG, SCREEN, http, FakeClock()).explain(SLOT)
    assert json.loads(told.request)["method"] == "GET"
    assert json.loads(told.request)["url"] == http.asked[0].url
    assert (told.exchange, told.url, told.status) == ("acme", TAG, 200)
    assert told.answer.startswith(b"<?xml")
    assert isinstance(told.result, Offered)
    assert told.reasons == (
        "ad bad refused: VAST 403: it has no media file of a type that is shown here (none at all)",
        "ad ad-1 taken after 0 wrappers, no price, 15000 ms",
    )
    assert len(http.asked) == 1


def test_an_explanation_of_a_failure_does_not_raise() -> None:
    told = Vast().open(CONFIG, SCREEN, FakeHttp(OohError(Code.FETCH_TIMEOUT, "slow")), FakeClock()).explain(SLOT)
    assert isinstance(told.result, OohError)
    assert told.status is None


def test_the_leases_dialect_knows_them_again() -> None:
    offered = ask(FakeHttp(answer(vast(inline(linear(media()))))))
    assert isinstance(offered, Offered)
    (lease,) = offered.leases
    dialect = find_dialect(lease.dialect)
    assert [one.kind for one in dialect.shown(lease, played(lease))] == ["impression"]
    assert [one.url for one in dialect.release(lease, "fetch.timeout")] == ["https://in.test/error?c=402"]


def test_the_configured_floor_and_currency_hold() -> None:
    priced = answer(vast(inline(extra='<Pricing model="CPM" currency="EUR">2.00</Pricing>')))
    cheap = ExchangeConfig(url="https://ads.test/", kind="vast", floor_cpm=2.01, currency="EUR")
    with pytest.raises(RefusedError, match="under the floor"):
        ask(FakeHttp(priced), config=cheap)
    fair = ExchangeConfig(url="https://ads.test/", kind="vast", floor_cpm=2.0, currency="EUR", multiplier=12.5)
    offered = ask(FakeHttp(priced), config=fair)
    assert isinstance(offered, Offered)
    assert (offered.leases[0].price, offered.leases[0].currency, offered.leases[0].multiplier) == ("2.00", "EUR", 12.5)
