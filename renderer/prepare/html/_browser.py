"""The browser that renders HTML5 creatives: where it is, and how it is told to behave."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "headless_shell",
    "chromium",
    "chromium-browser",
    "chrome",
)
_DEBIAN = Path("/usr/lib/chromium")
"""Debian's commands are shell scripts that would stand between us and the process that must be killed."""
_SHELLS = frozenset({"chromium-headless-shell", "chrome-headless-shell", "headless_shell"})

_QUIET = (
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-notifications",
    "--disable-renderer-backgrounding",
    "--disable-speech-api",
    "--disable-sync",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
)
_FEATURES_OFF = (
    "IsolateOrigins",
    "site-per-process",
    "AutofillServerCommunication",
    "BackForwardCache",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "LazyFrameLoading",
    "LazyImageLoading",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "Translate",
)
_CLOSED = (
    # Belt and braces where the kernel permits no network namespace: no name and no address is found.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://0.0.0.0:1",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--no-pings",
    "--deny-permission-prompts",
    "--disable-file-system",
    "--disable-popup-blocking",
    # One renderer for all frames of the page, so that one interception sees all their requests.
    "--disable-site-isolation-trials",
    "--disable-features=" + ",".join(_FEATURES_OFF),
)
_SAME_PICTURE = (
    # The same bytes from the same page on every machine with the same browser and fonts.
    "--disable-gpu",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--lang=en-US",
    "--disable-partial-raster",
    "--disable-skia-runtime-opts",
    "--blink-settings=imagesEnabled=true,primaryHoverType=1,primaryPointerType=1",
    "--autoplay-policy=no-user-gesture-required",
    "--num-raster-threads=1",
)
_STEPPED = (
    # Frames come when they are asked for, and whole.
    "--enable-begin-frame-control",
    "--run-all-compositor-stages-before-draw",
    "--disable-new-content-rendering-timeout",
    "--disable-threaded-animation",
    "--disable-threaded-scrolling",
    "--disable-checker-imaging",
    "--disable-image-animation-resync",
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that was found."""

    path: Path
    stepped: bool
    """True for a headless shell: it can be driven frame by frame (``HeadlessExperimental.beginFrame``)."""

    def command(self, profile: Path, scale: float, *, sandboxed: bool, stepped: bool) -> list[str]:
        """Its argv. ``scale``: device pixels per CSS pixel. ``profile``: an empty folder of its own."""
        return [
            str(self.path),
            *(() if self.stepped else ("--headless",)),
            f"--user-data-dir={profile}",
            f"--disk-cache-dir={profile / 'cache'}",
            "--disk-cache-size=1000000",
            f"--force-device-scale-factor={scale!r}",
            *_QUIET,
            *_CLOSED,
            *_SAME_PICTURE,
            *(_STEPPED if stepped else ()),
            *(() if sandboxed else ("--no-sandbox",)),
            "about:blank",
        ]


def find_browser(environ: Mapping[str, str] | None = None) -> Browser | None:
    """The first of the known browsers on the ``PATH`` of ``environ`` (default: this process's), or None."""
    search = (os.environ if environ is None else environ).get("PATH", os.defpath)
    for name in _NAMES:
        found = shutil.which(name, path=search)
        if found is not None:
            inner = _DEBIAN / name
            path = Path(found).resolve()  # the browser's own user may not pass through every folder on the way
            real = inner if _is_script(path) and os.access(inner, os.X_OK) else path
            return Browser(real, name in _SHELLS)
    return None


def browser_path(environ: Mapping[str, str] | None = None) -> Path | None:
    """Where the browser is that would render HTML5 creatives; None: they are refused (``prepare.no_browser``)."""
    found = find_browser(environ)
    return None if found is None else found.path


def _is_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False
