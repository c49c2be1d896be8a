"""The network's edge, moved by hand: answers as told, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from config import OohError
from player.fetch import HttpAnswer

NO_CONTENT = HttpAnswer(204, {}, b"")


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout_s: float


@dataclass
class FakeHttp:
    """Gives ``reply`` to every request but those to the hosts of ``by_host``; an error is raised."""

    reply: HttpAnswer | OohError = NO_CONTENT
    by_host: dict[str, HttpAnswer | OohError] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
        max_bytes: int,
    ) -> HttpAnswer:
        assert 0 < timeout_s <= 30, "an API gateway gives up after 30 s"
        assert 0 <= max_bytes <= 10_000_000, "an API gateway answers with 10 MB at most"
        self.asked.append(Asked(method, url, headers, body, timeout_s))
        answer = self.by_host.get(urlsplit(url).netloc, self.reply)
        if isinstance(answer, OohError):
            raise answer
        return answer
