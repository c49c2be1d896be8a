"""The operator's rules: which ads a screen takes, whatever dialect they come in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from config import AdsConfig
from player.exchange._categories import CONTENT_1, lineage

_AUDIO = frozenset({1, 2})
"""AdCOM 1.0, list "Creative Attributes": audio that starts by itself, or when asked to."""


class Rule(Enum):
    """Which rule an ad breaks."""

    DOMAIN = "domain"
    CATEGORY = "category"
    ATTRIBUTE = "attribute"
    UNAPPROVED = "unapproved"
    LENGTH = "length"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Breach:
    """The rule that an ad breaks, and how, in plain words."""

    rule: Rule
    detail: str


@dataclass(frozen=True, slots=True)
class Advert:
    """What an exchange says of an ad, as far as it does."""

    domains: tuple[str, ...] = ()
    """As written: a scheme, ``www.`` and a path are tolerated."""
    categories: tuple[tuple[int, str], ...] = ()
    """AdCOM category taxonomy and id: ``(1, "IAB8-5")``."""
    attributes: frozenset[int] = frozenset()
    creative_id: str | None = None
    duration_ms: int | None = None
    audio_only: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What is not shown. Without any, every ad is taken."""

    domains: frozenset[str] = frozenset()
    categories: tuple[tuple[int, str], ...] = ()
    attributes: frozenset[int] = frozenset()
    approved: frozenset[str] = frozenset()
    """Empty: every creative is."""
    max_ms: int | None = None
    refuse_audio: bool = False

    @classmethod
    def of(cls, config: AdsConfig) -> Rules:
        """From the configuration's ``[ads]``."""
        return cls(
            domains=frozenset(domain for one in config.blocked_domains if (domain := plain_domain(one))),
            categories=tuple(category(one) for one in config.blocked_categories),
            attributes=frozenset(config.blocked_attributes) | (_AUDIO if config.refuse_audio else frozenset()),
            approved=frozenset(config.approved_creatives),
            max_ms=round(config.max_seconds * 1000),
            refuse_audio=config.refuse_audio,
        )

    def breach(self, ad: Advert) -> Breach | None:
        """The first rule that the ad breaks. What an exchange does not say cannot be judged, but for the approval."""
        for domain in (plain_domain(one) for one in ad.domains):
            if any(parent in self.domains for parent in _parents(domain)):
                return Breach(Rule.DOMAIN, f"its advertiser {domain[:80]} is blocked")
        for one in ad.categories:
            if not lineage(*one).isdisjoint(self.categories):
                return Breach(Rule.CATEGORY, f"its category {one[1][:20]} is blocked")
        blocked = sorted(ad.attributes & self.attributes)
        if blocked:
            rule = Rule.AUDIO if self.refuse_audio and _AUDIO.issuperset(blocked) else Rule.ATTRIBUTE
            return Breach(rule, f"its creative attribute {blocked[0]} is blocked")
        if ad.audio_only:
            return Breach(Rule.AUDIO, "it is sound without a picture")
        if self.approved and ad.creative_id not in self.approved:
            return Breach(Rule.UNAPPROVED, f"its creative {str(ad.creative_id)[:80]!r} is not approved")
        if self.max_ms is not None and ad.duration_ms is not None and ad.duration_ms > self.max_ms:
            return Breach(Rule.LENGTH, f"its length of {ad.duration_ms} ms is over {self.max_ms} ms")
        return None


NO_RULES = Rules()


def category(written: str) -> tuple[int, str]:
    """``IAB8-5`` is of the Content Taxonomy 1.0, whatever else is said; ``3/1002`` names its taxonomy."""
    taxonomy, mark, code = written.partition("/")
    return (int(taxonomy), code) if mark else (CONTENT_1, written.upper())


_LONGEST_HOST = 253
_DOMAIN_MARKS = re.compile(r"^[a-z][a-z0-9+.-]*://|^//", re.IGNORECASE)


def plain_domain(written: str) -> str:
    """``https://www.Brand.example:443/a`` is ``brand.example``; international names become their ASCII form."""
    host = re.split(r"[/?#:]", _DOMAIN_MARKS.sub("", written.strip()), maxsplit=1)[0].rpartition("@")[2]
    host = host.strip().strip(".").lower().removeprefix("www.")
    if len(host) > _LONGEST_HOST:
        return host  # no name on the internet is longer (RFC 1035 §2.3.4)
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def domains_in(written: Iterable[object]) -> tuple[str, ...]:
    """The domains of a list, some of whose entries hold several, with commas or blanks between."""
    texts = [text for text in written if isinstance(text, str)]
    return tuple(one for text in texts for one in re.split(r"[\s,;|]+", text[:2_000]) if one)


def _parents(domain: str) -> tuple[str, ...]:
    """The domain and all it lies under: ``a.b.example``, ``b.example``, ``example``."""
    labels = domain[:_LONGEST_HOST].split(".")
    return tuple(".".join(labels[at:]) for at in range(len(labels)))
