"""Rules: what no single type can say, because two keys or the machine have a part in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from config._geometry import LEAST_SIDE, MOST_SIDE
from config._hours import Span
from config._suggest import nearest
from config._template_rules import template_faults
from config.schema import Config, PanelsConfig, ProofConfig, WebConfig


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: the keys that have a part in it, the one to mend first, and the words."""

    keys: tuple[str, ...]
    message: str


def broken_rules(config: Config, given: Collection[str]) -> Iterator[Fault]:
    """Every rule that ``config`` breaks. ``given``: the full keys that were set and not left to their defaults."""
    yield from _place(config)
    yield from _exchanges(config, given)
    yield from _loop(config)
    yield from _layout(config)
    yield from (Fault(keys, message) for keys, message in template_faults(config, given))
    yield from _panels(config.panels)
    yield from _proof(config.proof)
    yield from _web(config.web)


def _place(config: Config) -> Iterator[Fault]:
    screen = config.screen
    size = screen.panel_size()
    if size is not None and not (min(size.w, size.h) >= LEAST_SIDE and max(size.w, size.h) <= MOST_SIDE):
        yield Fault(("screen.size",), f"{size} is no screen; each side is from {LEAST_SIDE} to {MOST_SIDE} pixels")
    if screen.latitude is not None and screen.longitude is None:
        yield Fault(("screen.latitude", "screen.longitude"), "latitude is set but longitude is not; set both or none")
    if screen.longitude is not None and screen.latitude is None:
        yield Fault(("screen.longitude", "screen.latitude"), "longitude is set but latitude is not; set both or none")
    if screen.timezone and not _zone_exists(screen.timezone):
        yield Fault(("screen.timezone",), _zone_words(screen.timezone))
    for key, texts in (("screen.hours", screen.hours), ("screen.dim", screen.dim)):
        for text in texts:
            if Span.parse(text).empty:
                message = f'"{text}" ends when it starts and never is; "00:00-24:00" is all day'
                yield Fault((key,), message)


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # no such file, a path out of the database, a folder such as "Europe"
        return False
    return True


def _zone_words(name: str) -> str:
    known = sorted(available_timezones())
    if not known:
        return "this machine has no time zones; install the package tzdata, or leave timezone out"
    near = nearest(name, known)
    advice = f"did you mean {near}?" if near else "use an IANA name such as Europe/Berlin, or nothing"
    return f'"{name}" is no time zone that this machine knows; {advice}'


def _exchanges(config: Config, given: Collection[str]) -> Iterator[Fault]:
    several = len(config.exchange) > 1
    names: set[str] = set()
    for index, exchange in enumerate(config.exchange):
        path = f"exchange[{index}]"
        if exchange.name in names:
            message = f'two exchanges are called "{exchange.name}"; give each its own name'
            yield Fault((f"{path}.name",), message)
        names.add(exchange.name)
        begun = any(key.startswith(f"{path}.") for key in given)
        if not exchange.url and (several or (begun and f"{path}.url" not in given)):
            yield Fault((f"{path}.url",), "missing; say where ad requests are posted, or take the exchange out")
        if exchange.kind == "vistar" and exchange.url:
            for name in ("network_id", "api_key_file"):
                if not getattr(exchange, name):
                    yield Fault((f"{path}.{name}", f"{path}.kind"), f'kind = "vistar" needs {name}; the network has it')


def _loop(config: Config) -> Iterator[Fault]:
    if not config.loop:
        yield Fault(("loop",), "empty; the loop needs at least one [[loop]] slot")
    for index, slot in enumerate(config.loop):
        if slot.starts == slot.ends:
            message = f'the slot ends when it starts ("{slot.ends}") and never runs; "00:00" to "24:00" is all day'
            yield Fault((f"loop[{index}].ends", f"loop[{index}].starts"), message)
        if slot.kind == "house" and not any(other.creatives for other in config.loop):
            message = "a house slot, but no slot names creatives; name files or a folder"
            yield Fault((f"loop[{index}].creatives",), message)


def _layout(config: Config) -> Iterator[Fault]:
    panels, size = config.layout.panels, config.screen.panel_size()
    for index, panel in enumerate(panels):
        if panel in panels[:index]:
            yield Fault(("layout.panels",), f'"{panel}" is listed twice; name each panel once')
    if size is not None and 2 * config.layout.safe_margin >= min(size.w, size.h):
        margin = config.layout.safe_margin
        yield Fault(("layout.safe_margin", "screen.size"), f"{margin} at each edge leaves nothing of {size}; use less")


def _panels(panels: PanelsConfig) -> Iterator[Fault]:
    for name, panel in (("weather", panels.weather), ("scores", panels.scores)):
        if panel.max_age_seconds < panel.refresh_seconds:
            keys = (f"panels.{name}.max_age_seconds", f"panels.{name}.refresh_seconds")
            message = (
                f"the panel would hide between two requests: max_age_seconds ({panel.max_age_seconds}) "
                f"is under refresh_seconds ({panel.refresh_seconds})"
            )
            yield Fault(keys, message)


def _proof(proof: ProofConfig) -> Iterator[Fault]:
    if proof.endpoint and not proof.stream:
        yield Fault(("proof.stream", "proof.endpoint"), "an endpoint is set but no stream; name the stream")
    if proof.gateway_token_file and not proof.gateway_url:
        yield Fault(("proof.gateway_url", "proof.gateway_token_file"), "a token is set but no gateway; name it")
    if proof.credentials == "iot":
        for name in ("iot_endpoint", "iot_role_alias", "certificate_file", "key_file"):
            if not getattr(proof, name):
                keys = (f"proof.{name}", "proof.credentials")
                yield Fault(keys, f'credentials = "iot" needs {name}; set it, or take "chain"')


def _web(web: WebConfig) -> Iterator[Fault]:
    if web.host == "lan" and not web.pin_file:
        message = 'host = "lan" needs a PIN; name a file here and make it with: ooh-player web pin'
        yield Fault(("web.pin_file", "web.host"), message)
