"""The pages: every request is looked at before a page is, and every answer carries the same headers."""

from __future__ import annotations

import hmac
import logging
import math
import secrets
from pathlib import Path

from flask import Flask, Response, g, make_response, redirect, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, abort
from werkzeug.wrappers import Response as AnyResponse

from player.web._actions import OUTCOMES, PAUSES_MIN
from player.web._entries import entries
from player.web._guard import HEADERS, is_embedded_elsewhere, knows_host, knows_peer, same_origin
from player.web._overview import clockface, overview
from player.web._sessions import LONGEST_S, Session
from player.web._site import Site
from player.web._words import plain

log = logging.getLogger("ooh.web")

SESSION_COOKIE, GUEST_COOKIE = "ooh_session", "ooh_guest"
MOST_BODY_BYTES = 4096
_FORM = "application/x-www-form-urlencoded"
_HERE = Path(__file__).parent
_FILES = {
    "page.css": ("text/css; charset=utf-8", (_HERE / "static" / "page.css").read_bytes()),
    "page.js": ("text/javascript; charset=utf-8", (_HERE / "static" / "page.js").read_bytes()),
    "icon.svg": ("image/svg+xml", (_HERE / "static" / "icon.svg").read_bytes()),
}
_OPEN_TO_ALL = frozenset({"sign_in", "file"})
"""Endpoints that on the local network need no session."""
_GUEST_S = 3_600
_LOG_LINES = 200


def make_app(site: Site) -> Flask:
    """The WSGI application of one site."""
    app = Flask("player.web", static_folder=None, template_folder=str(_HERE / "templates"))
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY_BYTES, MAX_FORM_PARTS=20, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(lambda: _admit(site))
    app.after_request(_dress)
    app.register_error_handler(Exception, _refuse)
    app.context_processor(lambda: _common(site))
    pages = _Pages(site)
    for rule, name, page, methods in (
        ("/", "home", pages.home, ["GET"]),
        ("/doctor", "doctor", pages.doctor, ["GET"]),
        ("/log", "log", pages.log, ["GET"]),
        ("/screen.jpg", "picture", pages.picture, ["GET"]),
        ("/static/<name>", "file", pages.file, ["GET"]),
        ("/sign-in", "sign_in", pages.sign_in, ["GET", "POST"]),
        ("/sign-out", "sign_out", pages.sign_out, ["POST"]),
        ("/do/<action>", "act", pages.act, ["POST"]),
    ):
        app.add_url_rule(rule, name, page, methods=methods)
    return app


class _Pages:
    """The views. What they show was found by ``_source`` and put into words by ``_overview``."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def home(self) -> str:
        site = self._site
        found, face = site.source.find(), clockface(site.config, site.source)
        coming = site.coming.now() if found.boards["screen"] is not None else None
        view = overview(site.config, found, coming, face, site.clock.monotonic_ns())
        return render_template("home.html", page="home", view=view, said=_said(), pauses=PAUSES_MIN)

    def doctor(self) -> str:
        """Begins a look when there was none yet, or one is asked for; a stranger's page cannot (see ``_admit``)."""
        checkup, face = self._site.checkup, clockface(self._site.config, self._site.source)
        last = checkup.last()
        if "again" in request.args or (last.at is None and not last.running):
            last = checkup.begin()
        findings = [{name: plain(text) for name, text in finding.items()} for finding in last.findings]
        return render_template("doctor.html", page="doctor", last=last, findings=findings, ago=face.ago(last.at))

    def log(self) -> str:
        face = clockface(self._site.config, self._site.source)
        return render_template("log.html", page="log", entries=entries(self._site.source.ring.newest(_LOG_LINES), face))

    def picture(self) -> Response:
        picture = self._site.picture.now()
        if picture is None:
            abort(503)
        return Response(picture, content_type="image/jpeg")

    def file(self, name: str) -> Response:
        """One of three files that were read at the start: no path is ever made of a request."""
        if name not in _FILES:
            abort(404)
        kind, body = _FILES[name]
        return Response(body, content_type=kind)

    def sign_in(self) -> AnyResponse:
        pin = self._site.pin()
        if request.method == "GET" or pin is None:
            return self._form("", 200 if request.method == "GET" else 403)
        guest = request.cookies.get(GUEST_COOKIE, "")
        if not guest or not _equal(request.form.get("token", ""), self._site.guest_token(guest)):
            return self._form("That form was too old. Please try again.", 403)
        address = request.remote_addr or "unknown"
        wait_s = self._site.try_pin(pin, request.form.get("pin", "")[:200], address)
        if wait_s is None:
            return self._welcome(pin.mark, address)
        if wait_s > 0:
            answer = self._form(f"Too many wrong PINs. Try again in {math.ceil(wait_s)} seconds.", 429)
            answer.headers["Retry-After"] = str(math.ceil(wait_s))
            return answer
        log.warning("web.wrong_pin", extra={"facts": {"by": address}})
        return self._form("That is not the PIN.", 403)

    def sign_out(self) -> AnyResponse:
        self._site.sessions.end(request.cookies.get(SESSION_COOKIE))
        answer = redirect("/?said=signed_out", 303)
        answer.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="Strict")
        return answer

    def act(self, action: str) -> AnyResponse:
        if action not in self._site.actions.names():
            abort(404)
        outcome = self._site.actions.do(action, request.form, request.remote_addr or "unknown")
        return redirect(f"/?said={outcome}", 303)

    def _welcome(self, pin_mark: str, address: str) -> AnyResponse:
        """A new session under a new name; the one that this browser had ends."""
        self._site.sessions.end(request.cookies.get(SESSION_COOKIE))
        token, _ = self._site.sessions.begin(pin_mark)
        log.info("web.signed_in", extra={"facts": {"by": address}})
        answer = redirect("/", 303)
        answer.set_cookie(SESSION_COOKIE, token, max_age=LONGEST_S, path="/", httponly=True, samesite="Strict")
        answer.delete_cookie(GUEST_COOKIE, path="/sign-in", httponly=True, samesite="Strict")
        return answer

    def _form(self, why: str, status: int) -> AnyResponse:
        guest = secrets.token_urlsafe(16)
        token = self._site.guest_token(guest)
        answer = make_response(render_template("sign_in.html", page="sign_in", why=why, guest_token=token), status)
        answer.set_cookie(GUEST_COOKIE, guest, max_age=_GUEST_S, path="/sign-in", httponly=True, samesite="Strict")
        return answer


def _admit(site: Site) -> AnyResponse | None:
    """Refuse what must not come this far; find the session."""
    if not knows_peer(request.remote_addr or "", site.web, site.networks):
        abort(403, "This page is for the local network.")
    if not knows_host(request.headers.get("Host"), site.web, site.networks):
        abort(400, "This machine has no such name; add it to web.names, or use its address.")
    if is_embedded_elsewhere(request.headers):
        abort(403, "Another site's page asked for this.")
    pin = site.pin()
    own_accord = request.headers.get("X-Refresh") is not None or request.endpoint == "picture"
    token = request.cookies.get(SESSION_COOKIE)
    g.pin_set = pin is not None
    g.session = site.sessions.find(token, pin.mark if pin is not None else None, touch=not own_accord)
    if site.web.host == "lan" and pin is None:
        abort(503, "The page has no PIN that it can read. Make one with: ooh-player web pin")
    if request.method == "POST":
        _admit_post(g.session)
    elif site.web.host == "lan" and g.session is None and request.endpoint not in _OPEN_TO_ALL:
        if request.endpoint == "home" and not own_accord:
            return redirect("/sign-in", 303)
        abort(403, "Sign in first.")
    return None


def _admit_post(session: Session | None) -> None:
    """Only this page's own forms change anything, and only in a session's hands."""
    if request.endpoint is None:
        return  # 404 or 405, as for everybody
    if (request.content_length or 0) > MOST_BODY_BYTES:
        abort(413)
    if request.mimetype != _FORM:
        abort(415)
    if not same_origin(request.headers, request.headers.get("Host", "")):
        abort(403, "Another site's page sent this form.")
    if request.endpoint == "sign_in":
        return  # it has a token of its own
    if session is None:
        abort(403, "Sign in first: nothing can be changed without the PIN.")
    if not _equal(request.form.get("token", ""), session.csrf):
        abort(403, "That form was not one of this session. Go back, load the page again and try once more.")


def _common(site: Site) -> dict[str, object]:
    """What every template may use."""
    screen = site.config.screen
    session: Session | None = g.get("session")
    return {
        "screen_id": screen.id,
        "place": screen.venue_name or screen.venue,
        "version": site.version,
        "csrf": session.csrf if session is not None else None,
        "pin_set": g.get("pin_set", False),
        "is_open": site.web.host == "loopback",
    }


def _said() -> tuple[str, str] | None:
    """What the page says after an action: one of our own sentences, never a text from the address."""
    return OUTCOMES.get(request.args.get("said", ""))


def _dress(response: AnyResponse) -> AnyResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _refuse(error: Exception) -> Response:
    """Plain text; what was wrong inside is for the log."""
    if not isinstance(error, HTTPException):
        log.error("web.fault", exc_info=error, extra={"facts": {"endpoint": request.endpoint}})
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    told = error.description if isinstance(error, HTTPException) and code in {400, 403, 503} else None
    words = told if told and told not in _BUILT_IN else _PLAIN.get(code, "This does not work.")
    answer = Response(f"{code}  {words}\n", code, content_type="text/plain; charset=utf-8")
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


_PLAIN = {
    400: "The request cannot be read.",
    403: "Not allowed.",
    404: "There is no such page.",
    405: "That cannot be done with this address.",
    413: "That is too large.",
    415: "Only this page's own forms are taken.",
    500: "Something went wrong here; the log says what.",
    503: "The screen does not answer.",
}
_BUILT_IN = frozenset({None, *(kind.description for kind in HTTPException.__subclasses__())})


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
