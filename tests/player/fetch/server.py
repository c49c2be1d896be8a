"""A small web server of the tests' own: each path misbehaves in one way."""

from __future__ import annotations

import base64
import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Parts:
    """How ``/parts`` behaves: ``cuts`` are how many bytes each answer sends before the connection breaks."""

    body: bytes = bytes(range(256)) * 1_000
    etag: str = '"one"'
    cuts: list[int] = field(default_factory=list)
    lie: str = ""


@dataclass
class WebServer:
    """A running server: its address and what it was asked."""

    port: int
    seen: list[Seen] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    parts: Parts = field(default_factory=Parts)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


Reply = Callable[[BaseHTTPRequestHandler, WebServer], None]


def _plain(status: int, body: bytes, **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler, _server: WebServer) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def _redirect(to: str) -> Reply:
    return _plain(302, b"elsewhere", Location=to)


def _drip(handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    """A byte every 20 ms, without a length, for ever."""
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        while not server.stopped.wait(0.02):
            handler.wfile.write(b".")


def _drip_headers(handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with contextlib.suppress(OSError):
        while not server.stopped.wait(0.02):
            handler.wfile.write(b".")


def _hang(_handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    server.stopped.wait(20)


def _short(handler: BaseHTTPRequestHandler, _server: WebServer) -> None:
    """Announces 1,000 bytes and sends 10."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x" * 10)


def _endless(handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    """As fast as it can, without a length."""
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        while not server.stopped.is_set():
            handler.wfile.write(b"x" * 65_536)


def _rubbish(handler: BaseHTTPRequestHandler, _server: WebServer) -> None:
    handler.wfile.write(b"\x00\x01 this is no HTTP \xff\r\n\r\n")


def _redirect_to_another_host(handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    _redirect(f"http://localhost:{server.port}/hello")(handler, server)


def _redirect_dripping(handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    """Each redirect takes 60 ms: the time limit is for the whole chain."""
    time.sleep(0.06)
    _redirect("/slow-loop")(handler, server)


def _parts(handler: BaseHTTPRequestHandler, server: WebServer) -> None:
    """Gives parts, breaks off, and lies as it is told to."""
    parts = server.parts
    body, wanted = parts.body, handler.headers.get("Range", "")
    same = handler.headers.get("If-Range") in (None, parts.etag)
    start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and same and parts.lie != "ignore" else 0
    if parts.lie == "unsatisfiable" and wanted:
        _plain(416, b"")(handler, server)
        return
    handler.send_response(206 if start or parts.lie == "uninvited" else 200)
    if parts.etag:
        handler.send_header("ETag", '"other"' if parts.lie == "etag" and start else parts.etag)
    if start:
        told, total = start - (parts.lie == "offset"), len(body) + (parts.lie == "total")
        handler.send_header("Content-Range", f"bytes {told}-{total - 1}/{total}")
    if parts.lie == "digest":
        handler.send_header("Repr-Digest", f"sha-256=:{base64.b64encode(bytes(32)).decode()}:")
    handler.send_header("Content-Length", str(len(body) - start))
    handler.end_headers()
    end = start + parts.cuts.pop(0) if parts.cuts else len(body)
    handler.wfile.write(body[start:end])


PATHS: dict[str, Reply] = {
    "/parts": _parts,
    "/hello": _plain(200, b"hello", Content_Type="Text/Plain; charset=utf-8"),
    "/gzip": _plain(200, gzip.compress(b'{"a": 1}'), Content_Encoding="gzip"),
    "/bomb": _plain(200, gzip.compress(b"\x00" * 20_000_000), Content_Encoding="gzip"),
    "/badgzip": _plain(200, b"not gzip at all", Content_Encoding="gzip"),
    "/error-page": _plain(500, b"x" * 200_000),
    "/count": _plain(200, b"counted"),
    "/large": _plain(200, b"x" * 200_000),
    "/empty": _plain(200, b""),
    "/missing": _plain(404, b"<html>gone</html>"),
    "/nothing": _plain(204, b""),
    "/to-hello": _redirect("/hello"),
    "/to-other": _redirect_to_another_host,
    "/to-private": _redirect("http://127.0.0.2:9/"),
    "/to-file": _redirect("file:///etc/passwd"),
    "/to-junk": _redirect("https://[::1"),
    "/loop": _redirect("/loop"),
    "/slow-loop": _redirect_dripping,
    "/drip": _drip,
    "/drip-headers": _drip_headers,
    "/hang": _hang,
    "/short": _short,
    "/endless": _endless,
    "/rubbish": _rubbish,
}


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Serve on a free port of 127.0.0.1 until the block ends."""
    server = WebServer(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.seen.append(Seen(self.command, self.path, headers, self.rfile.read(length)))
            PATHS[self.path.partition("?")[0]](self, server)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            del args

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is what these tests are about."""
            del request, client_address

    httpd = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
    server.port = httpd.server_address[1]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join(5)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
