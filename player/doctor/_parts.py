"""The parts of the board and of the installation: fonts, browser, box, memory, power, temperature."""

from __future__ import annotations

from pathlib import Path

from PIL import ImageFont, features

from player.doctor._finding import Finding, worst
from player.doctor._patient import Patient
from renderer.prepare import browser_path, can_filter_calls

_HOT_C = 80.0
_LEAST_MEMORY_BYTES = 100_000_000
_EMOJI_SIZE = 109
"""The only size of the emoji's bitmaps."""
_AGAIN = "Install the player again: sudo systemd/install, or the package."


def look_at_fonts(patient: Patient) -> Finding:
    """The bundled type: without it no panel, card or slate can be written."""
    fonts = sorted([*patient.fonts.glob("*.ttf"), *patient.fonts.glob("*.otf")])
    if not fonts:
        return Finding("fonts", "fail", f"the bundled fonts are missing ({patient.fonts})", _AGAIN)
    for font in fonts:
        if not _opens(font):
            return Finding("fonts", "fail", f"the bundled font {font.name} cannot be read", _AGAIN)
    if not features.check("raqm"):
        step = "Run: sudo apt-get install libfribidi0"
        return Finding("fonts", "warn", "no text shaping: figures may not align, Arabic is not joined", step)
    return Finding("fonts", "ok", f"{len(fonts)} bundled fonts")


def _opens(font: Path) -> bool:
    try:
        ImageFont.truetype(str(font), _EMOJI_SIZE)
    except OSError:
        return False
    return True


def look_at_browser(patient: Patient) -> Finding:
    """What draws HTML5 creatives."""
    found = browser_path(patient.environ)
    if found is None:
        step = "Run: sudo apt-get install chromium-headless-shell"
        return Finding("browser", "warn", "none: exchanges are told that HTML5 creatives cannot be shown", step)
    return Finding("browser", "ok", f"{found} draws HTML5 creatives")


def look_at_box() -> Finding:
    """What holds the process that decodes creatives."""
    if can_filter_calls():
        return Finding("box", "ok", "creatives are decoded under limits and a filter of system calls")
    step = "Use a kernel with seccomp on a 64-bit system (x86-64 or ARM) where there is one."
    return Finding("box", "warn", "creatives are decoded under limits only: no filter of system calls here", step)


def look_at_memory(patient: Patient) -> Finding:
    """Room, and whether the units' limits hold: a Raspberry Pi's firmware turns the memory cgroup off."""
    memory = patient.machine().memory
    found = []
    if memory.available_bytes is not None and memory.available_bytes < _LEAST_MEMORY_BYTES:
        what = f"only {memory.available_bytes / 1e6:.0f} MB can still be used"
        step = "End other programs (ps aux --sort=-rss | head), or use a board with more memory."
        found.append(Finding("memory", "warn", what, step))
    if memory.limits_hold is False:
        step = "Add cgroup_enable=memory to the line in /boot/firmware/cmdline.txt, then reboot."
        what = "systemd's memory limits do not hold: this kernel has no memory cgroup"
        found.append(Finding("memory", "warn", what, step))
    if memory.total_bytes is None or memory.available_bytes is None:
        return worst("memory", found, "not known")
    held = ", limits hold" if memory.limits_hold else ""
    fine = f"{memory.available_bytes / 1e6:.0f} of {memory.total_bytes / 1e6:.0f} MB can be used{held}"
    return worst("memory", found, fine)


def look_at_power(patient: Patient) -> Finding:
    """Under-voltage is the usual cause of crashes and of damaged cards."""
    power = patient.machine().power
    step = "Use the board's own power supply and a short, thick cable; take USB devices off."
    if power.under_voltage:
        return Finding("power", "fail", "the supply is too weak now (under-voltage)", step)
    if power.under_voltage_since_boot:
        return Finding("power", "warn", "the supply was too weak since the last start (under-voltage)", step)
    if power.under_voltage is None:
        return Finding("power", "ok", "this board does not tell its voltage")
    return Finding("power", "ok", "the supply has held since the last start")


def look_at_temperature(patient: Patient) -> Finding:
    """The processor's heat and what the board does about it."""
    machine = patient.machine()
    hottest = machine.processor.temperature_c
    told = "this machine has no sensor" if hottest is None else f"{hottest:.0f} °C"
    step = "Give the board air, shade or a heat sink: it slows itself down."
    if hottest is not None and hottest >= _HOT_C:
        return Finding("temperature", "warn", told, step)
    if machine.power.throttled or machine.power.soft_temperature_limit:
        return Finding("temperature", "warn", f"{told}; the board is slowed down now", step)
    if machine.power.throttled_since_boot:
        return Finding("temperature", "warn", f"{told}; the board was slowed down since the last start", step)
    return Finding("temperature", "ok", told)
