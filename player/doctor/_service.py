"""The installation: systemd's units, the version in use, the local page, a proxy that would be in the way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence

from player.doctor._finding import Finding
from player.doctor._patient import Patient

UNITS = ("ooh-player.target", "ooh-player-screen.service", "ooh-player-agent.service")
_SHOWN = "Id,LoadState,ActiveState,SubState,UnitFileState,NRestarts"
_SYSTEMCTL_S = 4.0
_MANY_RESTARTS = 5
Run = Callable[[Sequence[str], float], str]


def run_command(argv: Sequence[str], timeout_s: float) -> str:
    """What a program prints; empty when it is not there, fails or takes longer."""
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def look_at_service(patient: Patient, run: Run = run_command) -> Finding | None:
    """The units; None where no systemd is at work, or the player is not installed as a service."""
    if not patient.roots.run.joinpath("systemd/system").is_dir():
        return None
    units = _units(run(("systemctl", "show", f"--property={_SHOWN}", "--", *UNITS), _SYSTEMCTL_S))
    there = [unit for unit in units if unit.get("LoadState") == "loaded"]
    if not there:
        return None
    for unit in there:
        name, state = unit.get("Id", "?"), unit.get("ActiveState")
        if state == "failed":
            return Finding("service", "fail", f"{name} has failed", f"journalctl -u {name} -n 50, then: {_RESTART}")
        if state in {"inactive", "deactivating"}:
            return Finding("service", "fail", f"{name} is not started", "sudo systemctl start ooh-player.target")
    target = next((unit for unit in there if unit.get("Id") == UNITS[0]), None)
    if target is not None and target.get("UnitFileState") == "disabled":
        step = "sudo systemctl enable ooh-player.target"
        return Finding("service", "warn", "it will not start when the machine does", step)
    restarts = {unit["Id"]: int(unit["NRestarts"]) for unit in there if unit.get("NRestarts", "").isdigit()}
    name = max(restarts, key=lambda unit: restarts[unit], default="")
    if name and restarts[name] >= _MANY_RESTARTS:
        what = f"{name} was started again {restarts[name]} times since the last boot"
        return Finding("service", "warn", what, f"journalctl -u {name} -n 50")
    return Finding("service", "ok", "the units are active and start with the machine")


_RESTART = "sudo systemctl restart ooh-player.target"


def _units(text: str) -> list[dict[str, str]]:
    blocks = text.strip().split("\n\n")
    return [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks]


def look_at_version(patient: Patient) -> Finding | None:
    """A version that was rolled back, or is on trial; None when neither, or not installed under ``/opt``."""
    refused, trial = patient.opt / "refused", patient.opt / "trial"
    if trial.is_file():
        step = "Wait a minute: without frames the version before comes back by itself."
        name = trial.read_text("utf-8", "replace").strip()
        return Finding("version", "warn", f"{name or 'a new version'} is on trial", step)
    if refused.is_symlink():
        current = patient.opt / "current"
        now = current.readlink().name if current.is_symlink() else "the one before"
        what = f"{refused.readlink().name} presented no frames and was rolled back to {now}"
        return Finding("version", "warn", what, "Tell the fleet's operator; why: journalctl -u ooh-player-trial")
    return None


def look_at_page(patient: Patient) -> Finding | None:
    """The local page, where it is on."""
    web = patient.config.web
    if not web.enabled:
        return None
    if patient.net.listens("127.0.0.1", web.port, 2.0):
        who = "this machine" if web.host == "loopback" else "the local network"
        return Finding("page", "ok", f"it is served to {who} at port {web.port}")
    step = "sudo systemctl restart ooh-player-web.service; why: journalctl -u ooh-player-web -n 20"
    return Finding("page", "warn", f"it is on, but nobody listens at port {web.port}", step)


def look_at_proxy(patient: Patient) -> Finding | None:
    """A proxy in the environment: of all the player does, only the AWS client would heed it."""
    names = sorted({name for name in patient.environ if name.lower() in {"http_proxy", "https_proxy", "all_proxy"}})
    if not any(patient.environ[name] for name in names):
        return None
    what = f"{names[0]} is set; ads, feeds and heartbeats go out directly all the same"
    step = "Have the venue let this device out to TCP port 443 directly, and take the variable out."
    return Finding("proxy", "warn", what, step)
