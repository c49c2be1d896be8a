"""The configuration of a player that plays against the sandbox."""

from __future__ import annotations

from pathlib import Path

from config import Size
from player.demo._ports import LOOPBACK, Ports

STREAM = "ooh-plays"
REGION = "us-east-1"
HOUSE_ADS = Path("sandbox") / "creatives" / "house"

_LOOP = ("ad", "ad", "ad", "content", "ad", "ad", "house", "ad")

_TEMPLATE = """\
# Written by ooh-player for its sandbox: a local exchange, feeds and a stream; no network, no account.
[screen]
id = "demo-screen"
venue = "sandbox-bar"
venue_types = ["301"]
size = "{size}"
latitude = 52.52
longitude = 13.40
timezone = "Europe/Berlin"

[exchange]
name = "sandbox"
{dialect}look_ahead = 5
look_ahead_minutes = 0

[panels.weather]
url = "{exchange}/weather"
place = "Berlin"

[panels.scores]
url = "{exchange}/scoreboard"

[panels.headlines]
url = "{exchange}/headlines"

[cache]
dir = "{state}"
run_dir = "{run}"

[fetch]
allow_hosts = ["{host}:{exchange_port}"]
timeout_seconds = 5

[proof]
stream = "{stream}"
region = "{region}"
endpoint = "{stream_url}"
flush_seconds = 3

[heartbeat]
url = "{exchange}/heartbeat"
seconds = 5
thumbnail_every = 2
"""


DEMO_EXCHANGES = ("openrtb", "vast", "vistar")
"""The dialects that the sandbox speaks."""

_DIALECTS = {
    "openrtb": 'url = "{exchange}/openrtb"\npublisher = "sandbox-publisher"\n',
    "vast": 'kind = "vast"\nurl = "{exchange}/vast?cb=[CACHEBUSTING]&w=[PLAYERSIZE]&ifa=[IFA]"\n',
    "vistar": 'kind = "vistar"\nurl = "{exchange}"\nnetwork_id = "sandbox-network"\napi_key_file = "{key}"\n',
}
_KEY = "sandbox-key"


def player_toml(
    ports: Ports,
    state: Path,
    *,
    slot_seconds: float,
    run: Path | None = None,
    size: Size | None = None,
    dialect: str = "openrtb",
) -> str:
    """The text of ``player.toml``; ``size`` None leaves it to the display. See also `write_key`."""
    head = _TEMPLATE.format(
        size=size or "auto",
        dialect=_DIALECTS[dialect].format(exchange=ports.exchange_url, key=state / "sandbox.key"),
        exchange=ports.exchange_url,
        exchange_port=ports.exchange,
        host=LOOPBACK,
        state=state,
        run=run or state / "run",
        stream=STREAM,
        region=REGION,
        stream_url=ports.stream_url,
    )
    return head + "".join(_slot(kind, slot_seconds) for kind in _LOOP)


def write_key(state: Path) -> None:
    """The key that the sandbox's lease-style ad server wants to see."""
    state.mkdir(parents=True, exist_ok=True)
    path = state / "sandbox.key"
    path.write_text(f"{_KEY}\n", encoding="utf-8")
    path.chmod(0o600)


def _slot(kind: str, seconds: float) -> str:
    creatives = f'creatives = ["{house_folder()}"]\n' if kind == "house" else ""
    return f'\n[[loop]]\nkind = "{kind}"\nseconds = {seconds}\n{creatives}'


def house_folder() -> Path:
    """Where the sandbox keeps the operator's own creatives."""
    return Path(__file__).parent.parent.parent / HOUSE_ADS
