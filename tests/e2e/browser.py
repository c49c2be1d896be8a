"""A headless Chromium that a test drives as a person would, over the debugging pipe."""

from __future__ import annotations

import base64
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from renderer.prepare import browser_path
from renderer.prepare.html._cdp import Cdp, RefusedError

LONG_S = 60.0
_ALL_S = 300.0
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--lang=en-GB",
)


class Tab:
    """One page. Every wait is for a state, with a bound that no busy machine reaches."""

    def __init__(self, cdp: Cdp, session: str) -> None:
        self._cdp = cdp
        self._session = session
        self.complaints: list[str] = []
        """What the browser found wrong: scripts' exceptions, refusals by the content security policy."""
        cdp.on_event = self._hear
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: object) -> Mapping[str, Any]:
        return self._cdp.call(method, params, self._session)

    def screen(self, width: int, height: int, *, scale: float = 1.0, mobile: bool = False, dark: bool = False) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def scripts(self, *, on: bool) -> None:
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def open(self, address: str) -> None:
        failed = self.call("Page.navigate", url=address).get("errorText")
        assert not failed, f"{address}: {failed}"
        self.until(f"document.readyState === 'complete' && location.href.startsWith({address!r})")

    def ask(self, expression: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        end = time.monotonic() + LONG_S
        while not self._is_true(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """By the element, not by its place: the page moves while it refreshes itself."""
        self.ask(f"document.querySelector({selector!r}).click()")

    def write(self, selector: str, text: str) -> None:
        self.ask(f"document.querySelector({selector!r}).focus()")
        self.call("Input.insertText", text=text)

    def cookies(self) -> list[dict[str, Any]]:
        return list(self.call("Network.getCookies")["cookies"])

    def picture(self, file: Path, *, kind: str = "png") -> None:
        quality = {"quality": 82} if kind == "jpeg" else {}
        answer = self.call("Page.captureScreenshot", format=kind, **quality)
        file.write_bytes(base64.b64decode(answer["data"]))

    def _is_true(self, expression: str) -> bool:
        try:
            answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        except RefusedError:  # the page is just being left for another
            return False
        return bool(answer.get("result", {}).get("value"))

    def _hear(self, message: Mapping[str, Any]) -> None:
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"].get("text")))
        elif message.get("method") == "Log.entryAdded":
            entry = params["entry"]
            if entry["level"] == "error" and entry["source"] != "network":  # a busy machine may be late with a picture
                self.complaints.append(f"{entry['source']}: {entry['text']}")


@contextmanager
def browsing(home: Path) -> Iterator[Tab]:
    """A browser with one empty tab and a profile of its own; it ends with the context."""
    program = browser_path()
    assert program is not None, "requirements/bootstrap installs chromium-headless-shell"
    to_browser_out, to_browser = os.pipe()
    from_browser, from_browser_in = os.pipe()
    ours = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for fd in (to_browser_out, from_browser_in)]
    for fd in (to_browser_out, from_browser_in):
        os.close(fd)
    sandbox = () if os.getuid() else ("--no-sandbox",)
    process = subprocess.Popen(
        [str(program), *_FLAGS, *sandbox, f"--user-data-dir={home / 'profile'}", "about:blank"],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: (os.dup2(ours[0], 3), os.dup2(ours[1], 4)),  # noqa: PLW1509 - the pipe's fixed numbers
        pass_fds=(3, 4),
    )
    for fd in ours:
        os.close(fd)
    try:
        with closing(Cdp(to_browser, from_browser, time.monotonic() + _ALL_S, LONG_S)) as cdp:
            target = cdp.call("Target.createTarget", {"url": "about:blank"})["targetId"]
            session = cdp.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
            yield Tab(cdp, session)
    finally:
        process.kill()
        process.wait(30)
