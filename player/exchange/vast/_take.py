"""Which ads of a VAST answer are taken: wrappers followed, pods in their order, failures told to the whole chain."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from cache import Beacon, Lease
from config import OohError
from player.exchange._shapes import NoFill, Offered, Refusal, RefusedError
from player.exchange.vast._asking import Failure, VastAsking, VastReading
from player.exchange.vast._codes import VastCode, room_code
from player.exchange.vast._judge import judge
from player.exchange.vast._lease import ad_values, lease_of
from player.exchange.vast._macros import LATER, Moment, fill, fill_now
from player.exchange.vast._memo import LONGEST_BYTES
from player.exchange.vast._model import Ad, Document, InLine, Wrapper
from player.exchange.vast._read import ReadError, read_document
from player.fetch import HttpAnswer

MOST_WRAPPERS = 5
"""Followed one after another; the 6th is refused (VAST 4.2 §2.3.4 recommends five)."""
_MOST_REQUESTS = 25
"""Wrappers of one answer in all: a pod of wrappers that lead to pods of wrappers has no end."""
_MOST_LEASES = 10
"""Of one answer: a longer pod is no use to a screen that keeps a few minutes ready."""
_MOST_NOTICES = 60

Fetch = Callable[[str], HttpAnswer]
"""GET within what is left of the answer's time. Raises ``OohError``: FETCH_*."""
Trail = tuple[Wrapper, ...]


def vast_leases(
    body: bytes | str,
    asking: VastAsking,
    fetch: Fetch,
    make_id: Callable[[], str],
    base: str | None = None,
) -> VastReading:
    """Read a VAST answer, follow its wrappers, and take what can be shown. Total: any body gives a ``VastReading``.

    ``base``: the address that the answer came from, if it has one. The result's ``notices`` are the ``Error`` URLs of
    what was refused, filled in. The leases' ``memo`` is for ``vast_shown`` and ``vast_release``.
    """
    try:
        document = read_document(body, base)
    except ReadError as error:
        detail = f"VAST {int(error.code)}: {error}"
        return VastReading(OohError(room_code(error.code), detail), (f"refused: {detail}",))
    taking = _Taking(asking, fetch, make_id, base)
    if document.mended:
        taking.reasons.append("the answer is not well-formed XML; it was mended")
    leases, _ = taking.document(document, (), asking.opportunity.count)
    return taking.reading(leases)


Taken = tuple[list[Lease], VastCode | None]
"""Leases, and why there are none."""


@dataclass(slots=True)
class _Taking:
    """One answer under way."""

    asking: VastAsking
    fetch: Fetch
    make_id: Callable[[], str]
    base: str | None
    reasons: list[str] = field(default_factory=list)
    _failures: list[Failure] = field(default_factory=list)
    _notices: dict[tuple[str, VastCode], Beacon] = field(default_factory=dict)
    _requests: int = 0
    _count: int = 0

    def reading(self, leases: Sequence[Lease]) -> VastReading:
        """What became of it."""
        notices = tuple(self._notices.values())[:_MOST_NOTICES]
        reasons = tuple(self.reasons)
        if leases:
            refused = tuple(
                Refusal(one.ad_id, one.room_code, f"VAST {int(one.code)}: {one.detail}") for one in self._failures
            )
            return VastReading(Offered(tuple(leases), notices, refused), reasons)
        worst = next((one for one in self._failures if one.code is not VastCode.NO_AD), None)
        if worst is None:
            return VastReading(NoFill(self._failures[0].detail if self._failures else "no ad", notices), reasons)
        detail = f"ad {worst.ad_id}: VAST {int(worst.code)}: {worst.detail}"
        return VastReading(RefusedError(worst.room_code, detail, notices), reasons)

    def document(self, document: Document, trail: Trail, wanted: int) -> Taken:
        """Pods are shown whole and in order; a stand-alone ad steps in for one of a pod that fails, and of stand-alone
        ads alone the first ``wanted`` are taken (VAST 4.2 §3.3: the buffet).
        """
        if not document.ads:
            return [], self._refuse(None, Failure(VastCode.NO_AD, "the answer has no ad"), trail, document.errors)
        ads = _allowed(document.ads, trail)
        if not ads:
            detail = "it is a pod, and the wrapper allows one ad (allowMultipleAds)"
            return [], self._refuse(None, Failure(VastCode.NO_AD, detail), trail, document.errors)
        pod = sorted((ad for ad in ads if ad.sequence is not None), key=lambda ad: ad.sequence or 0)
        buffet = deque(ad for ad in ads if ad.sequence is None)
        leases: list[Lease] = []
        why: VastCode | None = None
        for ad in pod:
            found, code = self._ad(ad, trail)
            why = why or code
            if not found and _may_be_replaced(ad, code):
                found, _ = self._first(buffet, trail)
            leases += found
        while buffet and len(leases) < wanted and not (pod and leases):
            found, code = self._first(buffet, trail)
            leases, why = leases + found, why or code
        return leases, None if leases else why

    def _first(self, buffet: deque[Ad], trail: Trail) -> Taken:
        """The next stand-alone ad that can be shown."""
        why: VastCode | None = None
        while buffet:
            found, code = self._ad(buffet.popleft(), trail)
            if found:
                return found, None
            why = why or code
        return [], why

    def _ad(self, ad: Ad, trail: Trail) -> Taken:
        if self._count >= _MOST_LEASES:
            failure: Failure | None = Failure(VastCode.NOT_SERVED, f"more than {_MOST_LEASES} ads in one answer")
        elif ad.conditional:
            failure = Failure(VastCode.CONDITIONAL, "it is conditional: a program that looks for an ad")
        elif ad.kind == "audio":
            failure = Failure(VastCode.AD_TYPE, "it is sound without a picture")
        elif ad.part is None:
            failure = Failure(VastCode.SCHEMA, "it is neither InLine nor Wrapper")
        else:
            failure = None
        if failure is None and isinstance(ad.part, InLine):
            return self._inline(ad, ad.part, trail)
        if failure is None and isinstance(ad.part, Wrapper):
            return self._wrapper(ad, ad.part, trail)
        return [], self._refuse(ad, failure or Failure(VastCode.SCHEMA, "it is nothing"), trail)

    def _inline(self, ad: Ad, inline: InLine, trail: Trail) -> Taken:
        sound = judge(ad, inline, trail, self.asking)
        if isinstance(sound, Failure):
            return [], self._refuse(ad, sound, trail)
        lease = lease_of(ad, inline, sound, trail, self.asking, self._count + 1, self.make_id())
        if len(lease.memo or "") > LONGEST_BYTES:
            return [], self._refuse(ad, Failure(VastCode.UNDEFINED, "it wants more calls than any ad"), trail)
        self._count += 1
        price = "no price" if lease.price is None else f"{lease.price} {lease.currency}"
        self.reasons.append(f"ad {ad.ad_id} taken after {len(trail)} wrappers, {price}, {lease.duration_ms} ms")
        return [lease], None

    def _wrapper(self, ad: Ad, wrapper: Wrapper, trail: Trail) -> Taken:
        refused = self._not_followed(wrapper, trail)
        if refused is not None or wrapper.uri is None:
            refused = refused or Failure(VastCode.WRAPPER, "its VASTAdTagURI is no address")
            return [], self._refuse(ad, refused, trail)
        found = self._fetched(ad, wrapper, wrapper.uri)
        if isinstance(found, Failure):
            return [], self._refuse(ad, found, trail)
        leases, code = self.document(found, (*trail, wrapper), 1)
        if not leases and code is None:
            code = VastCode.NO_AD
        return leases, code

    def _not_followed(self, wrapper: Wrapper, trail: Trail) -> Failure | None:
        if trail and not trail[-1].follow:
            # "Any wrappers received should be ignored": then there is no ad (VAST 4.2 §3.19).
            return Failure(VastCode.NO_AD, "a wrapper after followAdditionalWrappers was false")
        if len(trail) >= MOST_WRAPPERS:
            return Failure(VastCode.WRAPPER_LIMIT, f"more than {MOST_WRAPPERS} wrappers, one after another")
        uris = {hop.uri_as_written for hop in trail} | {self.base}
        if wrapper.uri_as_written in uris:
            return Failure(VastCode.WRAPPER_LIMIT, "its wrappers lead back to themselves")
        if self._requests >= _MOST_REQUESTS:
            return Failure(VastCode.WRAPPER_LIMIT, f"more than {_MOST_REQUESTS} wrappers in one answer")
        return None

    def _fetched(self, ad: Ad, wrapper: Wrapper, uri: str) -> Document | Failure:
        self._requests += 1
        values = {**self.asking.values, **ad_values(ad, None, 1)}
        if wrapper.blocked:
            values["BLOCKEDADCATEGORIES"] = ",".join(wrapper.blocked)
        moment = Moment(seed=f"{self.asking.request_id} {self._requests}", at=self.asking.at)
        url = fill_now(fill(uri, values, LATER), moment)
        try:
            answer = self.fetch(url)
        except OohError as error:
            return Failure(VastCode.WRAPPER_TIMEOUT, f"its wrapper's answer did not come: {error}"[:300])
        if answer.status == 204 or (answer.good and not answer.body.strip()):
            return Failure(VastCode.NO_AD, "its wrapper's answer is empty")
        if not answer.good:
            return Failure(VastCode.WRAPPER_TIMEOUT, f"its wrapper's answer has status {answer.status}")
        try:
            return read_document(answer.body, answer.url or url)
        except ReadError as error:
            return Failure(error.code, f"its wrapper's answer: {error}")

    def _refuse(self, ad: Ad | None, failure: Failure, trail: Trail, extra: Sequence[str] = ()) -> VastCode:
        """Note it, and queue the ``Error`` URLs of the whole chain (VAST 4.2 §2.3.6)."""
        ad_id = ad.ad_id if ad is not None else None
        self._failures.append(replace(failure, ad_id=ad_id))
        self.reasons.append(f"ad {ad_id} refused: VAST {int(failure.code)}: {failure.detail}")
        own = ad.part.calls.errors if ad is not None and ad.part is not None else ()
        inline = ad.part if ad is not None and isinstance(ad.part, InLine) else None
        values = dict(self.asking.values)
        if ad is not None:
            values |= ad_values(ad, inline, self._count + 1)
        moment = Moment(
            seed=f"{self.asking.request_id} {int(failure.code)}", at=self.asking.at, error=int(failure.code)
        )
        for url in (*(url for hop in trail for url in hop.calls.errors), *own, *extra):
            called = Beacon("error", fill_now(fill(url, values, LATER), moment))
            self._notices.setdefault((url, failure.code), called)
        return failure.code


def _allowed(ads: tuple[Ad, ...], trail: Trail) -> tuple[Ad, ...]:
    """Without ``allowMultipleAds`` the first stand-alone ad of a wrapper's answer alone (VAST 4.2 §3.19).

    A single ad is taken with a ``sequence`` too: servers number it as a habit.
    """
    if not trail or trail[-1].multiple or len(ads) == 1:
        return ads
    return tuple(ad for ad in ads if ad.sequence is None)[:1]


def _may_be_replaced(ad: Ad, code: VastCode | None) -> bool:
    """Of a pod's ad that came to nothing; ``fallbackOnNoAd="false"`` moves on to the next one (VAST 4.2 §3.19)."""
    explicit = ad.part.fallback if isinstance(ad.part, Wrapper) else None
    return not (code is VastCode.NO_AD and explicit is False)
