"""Looks below HTTP: is a name known, and who answers on a plain port? Not guarded: nothing of an answer is used."""

from __future__ import annotations

import http.client
import queue
import socket
import threading
from dataclasses import dataclass
from typing import Literal, Protocol

NameState = Literal["known", "unknown", "silent"]
"""``unknown``: a name server says that there is no such name. ``silent``: none has answered in time."""


@dataclass(frozen=True, slots=True)
class Name:
    """What became of looking up a host."""

    host: str
    state: NameState
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """The head of an answer to a plain HTTP request, redirects not followed."""

    status: int
    location: str
    mime: str


class Net(Protocol):
    """The edge; a test gives its own."""

    def look_up(self, host: str, timeout_s: float) -> Name:
        """Ask the machine's resolver."""

    def ask_plainly(self, host: str, port: int, timeout_s: float) -> PlainAnswer | None:
        """``GET /`` over plain HTTP; None when nobody answers in HTTP."""

    def listens(self, host: str, port: int, timeout_s: float) -> bool:
        """Whether a TCP connection can be made."""


class SystemNet:
    """The machine's own network."""

    def look_up(self, host: str, timeout_s: float) -> Name:
        """In a thread that is left behind when it is late: getaddrinfo(3) takes no time limit."""
        answers: queue.SimpleQueue[Name] = queue.SimpleQueue()
        threading.Thread(target=lambda: answers.put(_look_up(host)), name="doctor-name", daemon=True).start()
        try:
            return answers.get(timeout=timeout_s)
        except queue.Empty:
            return Name(host, "silent")

    def ask_plainly(self, host: str, port: int, timeout_s: float) -> PlainAnswer | None:
        """See ``Net``."""
        connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
        try:
            connection.request("GET", "/", headers={"Connection": "close"})
            answer = connection.getresponse()
            mime = answer.headers.get_content_type() if answer.headers.get("content-type") else ""
            return PlainAnswer(answer.status, answer.getheader("location", "") or "", mime)
        except (OSError, http.client.HTTPException, UnicodeError):
            return None
        finally:
            connection.close()

    def listens(self, host: str, port: int, timeout_s: float) -> bool:
        """See ``Net``."""
        try:
            socket.create_connection((host, port), timeout=timeout_s).close()
        except OSError:
            return False
        return True


def _look_up(host: str) -> Name:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        # EAI_NONAME: a server says no. Anything else (EAI_AGAIN, EAI_FAIL, EAI_SYSTEM): none could be asked.
        nobody = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        return Name(host, "unknown" if nobody else "silent")
    except (OSError, UnicodeError):
        return Name(host, "unknown")
    return Name(host, "known", tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))
