"""Wrappers and pods, row by row with their clause: what is followed, merged, limited, replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config import Code, OohError
from player.exchange import NoFill, RefusedError
from player.exchange.vast._memo import Memo, read_memo
from player.fetch import HttpAnswer
from tests.player.exchange.vast.documents import (
    SLOT,
    Net,
    errors,
    inline,
    lease_in,
    linear,
    media,
    offered,
    read,
    tracking,
    vast,
    wrapper,
)

W = "https://w{}.test/"


def chain(length: int, last: str | None = None) -> tuple[str, Net]:
    """``length`` wrappers and an ad; the tag's document, and where the others are."""
    hops = [vast(wrapper(W.format(at + 1), name=f"wrap{at}")) for at in range(length)]
    hops.append(vast(inline()) if last is None else last)
    return hops[0], Net({W.format(at): body for at, body in enumerate(hops) if at})


def memo_of(body: str, net: Net) -> Memo:
    memo = read_memo(lease_in(body, net).memo)
    assert memo is not None
    return memo


@pytest.mark.parametrize("length", range(6), ids=[f"{number} wrappers" for number in range(6)])
def test_up_to_five_wrappers_are_followed(length: int) -> None:
    """§2.3.4: a limit of five."""
    body, net = chain(length)
    memo = memo_of(body, net)
    assert memo.impressions == tuple(
        [f"https://wrap{at}.test/impression" for at in range(length)] + ["https://in.test/impression"]
    )
    assert len(net.asked) == length


def test_the_sixth_is_refused() -> None:
    """§2.3.6.3 code 302."""
    body, net = chain(6)
    told = [f"https://wrap{at}.test/error?c=302" for at in range(6)]
    assert errors(body, net) == told
    assert len(net.asked) == 5


@pytest.mark.parametrize("uri", [W.format(1), "https://tag.test/vast"], ids=["itself", "the tag"])
def test_a_loop_is_refused_at_once(uri: str) -> None:
    net = Net({W.format(1): vast(wrapper(uri, name="inner"))})
    told = errors(vast(wrapper(W.format(1), name="outer")), net)
    assert told == ["https://outer.test/error?c=302", "https://inner.test/error?c=302"]
    assert len(net.asked) == 1


def test_a_loop_that_only_a_random_number_hides() -> None:
    uri = "https://w1.test/?cb=[CACHEBUSTING]"
    asked: list[str] = []

    class Looping(Net):
        def __call__(self, url: str) -> HttpAnswer:
            asked.append(url)
            return HttpAnswer(200, {}, vast(wrapper(uri)).encode(), url)

    assert set(errors(vast(wrapper(uri)), Looping())) == {"https://wrap.test/error?c=302"}
    assert len(asked) == 1


COMING = [
    ("§2.3.6.3 301: no answer in time", OohError(Code.FETCH_TIMEOUT, "slow"), 301),
    ("§2.3.6.3 301: no connection", OohError(Code.FETCH_NETWORK, "refused"), 301),
    ("§2.3.6.3 301: a private address", OohError(Code.FETCH_REFUSED, "10.0.0.1"), 301),
    ("§2.3.6.3 301: status 404", HttpAnswer(404, {}, b"gone"), 301),
    ("§2.3.6.3 301: status 500", HttpAnswer(500, {}, b""), 301),
    ("§2.3.6.3 303: status 204", HttpAnswer(204, {}, b""), 303),
    ("§2.3.6.3 303: an empty body", HttpAnswer(200, {}, b" \n"), 303),
    ("§2.3.6.3 303: no Ad", HttpAnswer(200, {}, vast().encode()), 303),
]


@pytest.mark.parametrize(("clause", "coming", "code"), COMING, ids=[row[0] for row in COMING])
def test_what_a_wrapper_leads_to(clause: str, coming: HttpAnswer | OohError, code: int) -> None:
    reading = read(vast(wrapper(W.format(1))), Net({W.format(1): coming}))
    assert isinstance(reading.result, NoFill if code == 303 else RefusedError), clause
    assert [notice.url for notice in reading.result.notices] == [f"https://wrap.test/error?c={code}"]


@pytest.mark.parametrize("uri", ["", "about:blank", "w2", "javascript:x"], ids=["empty", "blank", "word", "script"])
def test_a_wrapper_that_leads_nowhere(uri: str) -> None:
    """§2.3.6.3 code 300."""
    assert errors(vast(wrapper(uri))) == ["https://wrap.test/error?c=300"]


def test_a_wrapper_may_be_relative_to_its_document() -> None:
    net = Net({"https://tag.test/next?a=1": vast(inline())})
    assert lease_in(vast(wrapper("/next?a=1")), net).bid_id == "ad-1"


def test_everything_of_every_wrapper_is_merged_in_order() -> None:
    """§2.3.4, §3.19: Impression, Error, Tracking, ViewableImpression, AdVerifications."""

    def extra(name: str) -> str:
        verification = (
            f'<Verification vendor="{name}"><JavaScriptResource apiFramework="omid">https://{name}.test/v.js'
            f'</JavaScriptResource><TrackingEvents><Tracking event="verificationNotExecuted">'
            f"https://{name}.test/unverified?r=[REASON]</Tracking></TrackingEvents></Verification>"
        )
        return (
            f"<Impression>https://{name}.test/second</Impression><Error>https://{name}.test/error2</Error>"
            f"<ViewableImpression><Viewable>https://{name}.test/v</Viewable><NotViewable>https://{name}.test/n"
            f"</NotViewable><ViewUndetermined>https://{name}.test/u</ViewUndetermined></ViewableImpression>"
            f"<AdVerifications>{verification}</AdVerifications>"
        )

    def creatives(name: str) -> str:
        return f"<Creatives><Creative><Linear>{tracking('start', host=f'{name}.test')}</Linear></Creative></Creatives>"

    ad = inline(linear(events=tracking("start", host="in.test")), extra=extra("in"))
    body = vast(wrapper(W.format(1), extra=extra("one") + creatives("one"), name="one"))
    net = Net(
        {
            W.format(1): vast(wrapper(W.format(2), extra=extra("two") + creatives("two"), name="two")),
            W.format(2): vast(ad),
        }
    )
    memo = memo_of(body, net)
    hosts = ("one", "two", "in")
    assert memo.impressions == tuple(
        f"https://{host}.test/{which}" for host in hosts for which in ("impression", "second")
    )
    assert memo.errors == tuple(
        f"https://{host}.test/{which}" for host in hosts for which in ("error?c=[ERRORCODE]", "error2")
    )
    assert tuple(one.url for one in memo.trackers) == tuple(f"https://{host}.test/start" for host in hosts)
    assert memo.viewable == tuple(f"https://{host}.test/v" for host in hosts)
    assert memo.not_viewable == tuple(f"https://{host}.test/n" for host in hosts)
    assert memo.undetermined == tuple(f"https://{host}.test/u" for host in hosts)
    assert memo.not_executed == tuple(f"https://{host}.test/unverified?r=[REASON]" for host in hosts)


def test_verifications_of_older_versions_are_in_an_extension() -> None:
    """Open Measurement for VAST 2 and 3: Extension type="AdVerifications"."""
    extension = (
        '<Extensions><Extension type="AdVerifications"><AdVerifications><Verification vendor="x"><TrackingEvents>'
        '<Tracking event="verificationNotExecuted">https://x.test/no</Tracking></TrackingEvents></Verification>'
        "</AdVerifications></Extension></Extensions>"
    )
    assert memo_of(vast(inline(extra=extension), version="3.0"), Net()).not_executed == ("https://x.test/no",)


def test_follow_additional_wrappers_false() -> None:
    """§3.19: "any Wrappers received should be ignored"; an InLine is taken."""
    no = ' followAdditionalWrappers="false"'
    first = vast(wrapper(W.format(1), attributes=no, name="outer"))
    net = Net({W.format(1): vast(wrapper(W.format(2))), W.format(2): vast(inline())})
    told = errors(first, net)
    assert told == ["https://outer.test/error?c=303", "https://wrap.test/error?c=303"]
    assert net.asked == [W.format(1)]
    assert lease_in(first, Net({W.format(1): vast(inline())})).bid_id == "ad-1"


ONE, TWO, THREE = (inline(ad=f'id="{name}" sequence="{at}"') for at, name in enumerate(("p1", "p2", "p3"), 1))
ALONE = inline(ad='id="alone"')
BAD = linear(media("https://x.test/v.js", "application/javascript", apiFramework="VPAID"))


@pytest.mark.parametrize(
    ("clause", "allowed", "coming", "taken"),
    [
        ("§3.19 default: the first stand-alone ad", "", [ONE, ALONE, TWO], ["alone"]),
        ("§3.19 false: the first stand-alone ad", "false", [inline(ad='id="x"'), ALONE], ["x"]),
        ("§3.19 false: no other, be the first bad", "false", [inline(BAD, ad='id="x"'), ALONE], []),
        ("§3.19 false: no pod", "false", [ONE, TWO], []),
        ("§3.19 false: a pod of one is an ad", "false", [ONE], ["p1"]),
        ("§3.19 true: the pod", "true", [TWO, ONE], ["p1", "p2"]),
        ("§3.19 1: as true", "1", [TWO, ONE], ["p1", "p2"]),
    ],
    ids=["default", "false", "first-bad", "no-pod", "pod-of-one", "true", "one"],
)
def test_allow_multiple_ads(clause: str, allowed: str, coming: list[str], taken: list[str]) -> None:
    attribute = f' allowMultipleAds="{allowed}"' if allowed else ""
    reading = read(vast(wrapper(W.format(1), attributes=attribute)), Net({W.format(1): vast(*coming)}))
    leases = getattr(reading.result, "leases", ())
    assert [lease.bid_id for lease in leases] == taken, clause


@pytest.mark.parametrize(
    ("clause", "ads", "taken"),
    [
        ("§3.3 a pod in its order", [THREE, ONE, TWO], ["p1", "p2", "p3"]),
        ("§3.3 stand-alone ads wait for a pod to fail", [ALONE, ONE, TWO], ["p1", "p2"]),
        ("§3.3 one steps in", [ONE, inline(BAD, ad='id="p2" sequence="2"'), THREE, ALONE], ["p1", "alone", "p3"]),
        ("§3.3 none is left to step in", [inline(BAD, ad='id="p1" sequence="1"'), TWO], ["p2"]),
        ("§3.3 the pod fails whole", [inline(BAD, ad='id="p1" sequence="1"'), ALONE, inline()], ["alone"]),
        ("§3.3 the buffet: the first that can be shown", [inline(BAD, ad='id="x"'), ALONE, inline()], ["alone"]),
        ("§3.3 sequence that is no number", [inline(ad='id="x" sequence="first"')], ["x"]),
        ("§3.3 sequence with gaps", [inline(ad='id="b" sequence="7"'), inline(ad='id="a" sequence="3"')], ["a", "b"]),
    ],
    ids=["order", "wait", "steps-in", "none-left", "fails-whole", "buffet", "no-number", "gaps"],
)
def test_pods_and_stand_alone_ads(clause: str, ads: list[str], taken: list[str]) -> None:
    assert [lease.bid_id for lease in offered(vast(*ads)).leases] == taken, clause


def test_as_many_stand_alone_ads_as_are_wanted() -> None:
    ads = [inline(ad=f'id="{number}"') for number in range(5)]
    assert [lease.bid_id for lease in offered(vast(*ads), slot=replace(SLOT, count=3)).leases] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("clause", "attribute", "taken"),
    [
        ("§3.19 fallbackOnNoAd true: a stand-alone ad", ' fallbackOnNoAd="true"', ["alone", "p2"]),
        ("§3.19 fallbackOnNoAd false: the next of the pod", ' fallbackOnNoAd="false"', ["p2"]),
        ("§3.19 fallbackOnNoAd left out: as any that fails", "", ["alone", "p2"]),
    ],
    ids=["true", "false", "left-out"],
)
def test_fallback_on_no_ad(clause: str, attribute: str, taken: list[str]) -> None:
    first = wrapper(W.format(1), attributes=attribute, ad='id="w" sequence="1"')
    net = Net({W.format(1): vast()})
    result = offered(vast(first, TWO, ALONE), net)
    assert [lease.bid_id for lease in result.leases] == taken, clause
    assert [notice.url for notice in result.notices] == ["https://wrap.test/error?c=303"]


def test_a_pod_behind_a_wrapper_in_a_pod() -> None:
    first = wrapper(W.format(1), attributes=' allowMultipleAds="true"', ad='id="w" sequence="1"')
    leases = offered(vast(first, THREE), Net({W.format(1): vast(ONE, TWO)})).leases
    assert [(lease.bid_id, lease.imp_id) for lease in leases] == [("p1", "1"), ("p2", "2"), ("p3", "3")]


def test_a_pod_longer_than_any_break_is_cut() -> None:
    """§2.3.6.3 code 206: Ad Break shortened."""
    ads = [inline(ad=f'id="{number}" sequence="{number}"') for number in range(1, 15)]
    result = offered(vast(*ads))
    assert len(result.leases) == 10
    assert [notice.url for notice in result.notices] == ["https://in.test/error?c=206"]


def test_wrappers_that_multiply_are_bounded() -> None:
    ads = [wrapper(f"https://w.test/{number}", attributes=' allowMultipleAds="1"') for number in range(40)]

    class Everywhere(Net):
        def __call__(self, url: str) -> HttpAnswer:
            self.asked.append(url)
            more = [wrapper(f"{url}/{number}", attributes=' allowMultipleAds="1"') for number in range(40)]
            return HttpAnswer(200, {}, vast(*more).encode(), url)

    net = Everywhere()
    assert isinstance(read(vast(*ads), net).result, RefusedError)
    assert len(net.asked) == 25


@pytest.mark.parametrize(
    ("clause", "blocked", "code"),
    [
        ("§3.19.2 the category itself", "IAB8-5", 205),
        ("§3.19.2 what it lies under", "IAB8", 205),
        ("§3.19.2 one of several", "IAB1,IAB8-5 IAB9", 205),
        ("§3.19.2 another", "IAB7", None),
    ],
    ids=["itself", "parent", "several", "another"],
)
def test_blocked_categories_of_a_wrapper(clause: str, blocked: str, code: int | None) -> None:
    extra = f'<BlockedAdCategories authority="iabtechlab.com">{blocked}</BlockedAdCategories>'
    ad = inline(extra='<Category authority="iabtechlab.com">IAB8-5</Category>')
    reading = read(vast(wrapper(W.format(1), extra=extra)), Net({W.format(1): vast(ad)}))
    if code is None:
        assert isinstance(reading.result.leases[0].lease_id, str)  # type: ignore[union-attr]
    else:
        assert isinstance(reading.result, RefusedError), clause
        assert {notice.url.rpartition("=")[2] for notice in reading.result.notices} == {str(code)}


def test_a_wrappers_price_counts_when_the_ad_has_none() -> None:
    price = '<Pricing model="CPM" currency="USD">4.20</Pricing>'
    net = Net({W.format(1): vast(inline())})
    assert lease_in(vast(wrapper(W.format(1), extra=price)), net).price == "4.20"


def test_versions_may_differ_along_a_chain() -> None:
    net = Net({W.format(1): vast(inline(), version="2.0")})
    assert lease_in(vast(wrapper(W.format(1)), version="4.2"), net).bid_id == "ad-1"
