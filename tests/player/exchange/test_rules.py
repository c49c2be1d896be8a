"""The operator's rules, for every dialect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import AdsConfig
from player.exchange import Advert, Rule, Rules, domains_in, plain_domain
from player.exchange._categories import lineage

RULES = Rules.of(
    AdsConfig(
        blocked_domains=("rival.example", "Ünï.example"),
        blocked_categories=("IAB8", "2/210", "3/1002", "9/v9i3On"),
        blocked_attributes=(13,),
        max_seconds=15,
    )
)


@pytest.mark.parametrize(
    ("ad", "rule"),
    [
        (Advert(), None),
        (Advert(domains=("brand.example",)), None),
        (Advert(domains=("rival.example",)), Rule.DOMAIN),
        (Advert(domains=("HTTPS://user@WWW.Rival.Example:8443/path?q#f",)), Rule.DOMAIN),
        (Advert(domains=("a.b.rival.example.",)), Rule.DOMAIN),
        (Advert(domains=("arrival.example",)), None),
        (Advert(domains=("example",)), None),
        (Advert(domains=("xn--n-nga1b.example",)), Rule.DOMAIN),
        (Advert(domains=("ÜNÏ.example",)), Rule.DOMAIN),
        (Advert(categories=((1, "IAB8-5"),)), Rule.CATEGORY),
        (Advert(categories=((1, "iab8"),)), Rule.CATEGORY),
        (Advert(categories=((1, "IAB80"),)), None),
        (Advert(categories=((1, "IAB18-5"),)), None),
        (Advert(categories=((2, "211"),)), Rule.CATEGORY),
        (Advert(categories=((7, "222"),)), Rule.CATEGORY),
        (Advert(categories=((7, "223"),)), None),
        (Advert(categories=((3, "211"),)), None),
        (Advert(categories=((3, "1002"),)), Rule.CATEGORY),
        (Advert(categories=((3, "1003"),)), None),
        (Advert(categories=((9, "pg0WhF"),)), Rule.CATEGORY),
        (Advert(categories=((9, "PG0WHF"),)), None),
        (Advert(categories=((6, "IAB8-5"),)), Rule.CATEGORY),
        (Advert(attributes=frozenset({1, 13})), Rule.ATTRIBUTE),
        (Advert(attributes=frozenset({1, 2})), None),
        (Advert(audio_only=True), Rule.AUDIO),
        (Advert(duration_ms=15_000), None),
        (Advert(duration_ms=15_001), Rule.LENGTH),
    ],
)
def test_each_rule(ad: Advert, rule: Rule | None) -> None:
    breach = RULES.breach(ad)
    assert (None if breach is None else breach.rule) is rule
    assert Rules().breach(ad) is None or ad.audio_only


def test_approval_is_by_creative() -> None:
    rules = Rules.of(AdsConfig(approved_creatives=("c-1", "c-2")))
    assert rules.breach(Advert(creative_id="c-2")) is None
    for unknown in ("c-3", None):
        breach = rules.breach(Advert(creative_id=unknown))
        assert breach is not None
        assert breach.rule is Rule.UNAPPROVED


def test_sound_is_silent_unless_it_is_refused() -> None:
    loud = Advert(attributes=frozenset({1}))
    assert Rules.of(AdsConfig()).breach(loud) is None
    breach = Rules.of(AdsConfig(refuse_audio=True)).breach(loud)
    assert breach is not None
    assert breach.rule is Rule.AUDIO


@pytest.mark.parametrize(
    ("taxonomy", "code", "above"),
    [
        (1, "IAB7-39", {"IAB7"}),
        (2, "64", {"63", "53", "52"}),
        (7, "581", {"580", "579", "552"}),
        (5, "1", set()),
        (2, "99999", set()),
        (2, "-5", set()),
        (2, "²", set()),
        (8, "64", set()),
    ],
)
def test_what_a_category_lies_under(taxonomy: int, code: str, above: set[str]) -> None:
    assert {one for kind, one in lineage(taxonomy, code) if kind == taxonomy} == {code, *above}


@given(st.text(max_size=400) | st.text(alphabet="a.:/@é\u3002-", max_size=400))
def test_any_text_is_judged(text: str) -> None:
    assert plain_domain(plain_domain(text)) is not None
    RULES.breach(Advert(domains=domains_in([text]), categories=((2, text), (1, text)), creative_id=text))
