"""The scripts that run before a creative does."""

from __future__ import annotations

from pathlib import Path

EPOCH_MS = 1_767_268_800_000
"""What every creative takes for the time at which it is loaded: 2026-01-01 12:00 UTC. Plates must not depend on it."""
_HERE = Path(__file__).parent


def stubs() -> str:
    """What ad servers bring along, seeded chance, and no ways out."""
    return (_HERE / "stubs.js").read_text(encoding="utf-8")


def clock() -> str:
    """A clock that is moved from outside, for browsers that cannot be driven frame by frame."""
    return (_HERE / "clock.js").read_text(encoding="utf-8").replace("__EPOCH_MS__", str(EPOCH_MS))


MEASURE = """
(() => {
  const meta = document.querySelector('meta[name="ad.size" i]');
  const said = /width\\s*=\\s*(\\d{1,5})\\D+height\\s*=\\s*(\\d{1,5})/i.exec(meta ? meta.content : "");
  if (said) return JSON.stringify({ w: +said[1], h: +said[2], fluid: false });
  const wide = innerWidth, high = innerHeight;
  if (!document.body) return "";
  const page = getComputedStyle(document.body);
  const own = document.body.getBoundingClientRect();
  if (own.width > 0 && own.height > 0 && own.width < wide - 16 && own.height < high) {
    return JSON.stringify({ w: Math.ceil(own.width), h: Math.ceil(own.height), fluid: false });
  }
  const fills = own.width >= wide - 16 && own.height >= high - 16;
  if (fills && (document.compatMode === "CSS1Compat" || page.backgroundImage !== "none")) {
    return JSON.stringify({ w: wide, h: high, fluid: true });  // without a doctype every body fills the window
  }
  let left = Infinity, top = Infinity, right = 0, bottom = 0;
  const flat = (element) => {
    const style = getComputedStyle(element);
    return style.display === "none" || style.visibility === "hidden";
  };
  for (const element of document.body.querySelectorAll("*")) {
    if (["SCRIPT", "STYLE", "LINK", "META", "TITLE", "BR"].includes(element.tagName) || flat(element)) continue;
    const box = element.getBoundingClientRect();
    const spread = getComputedStyle(element).display === "block" && box.width >= own.width && element.children.length;
    if (box.width < 3 || box.height < 3 || (spread && box.height < high)) continue;
    left = Math.min(left, box.left); top = Math.min(top, box.top);
    right = Math.max(right, Math.min(box.right, wide)); bottom = Math.max(bottom, Math.min(box.bottom, high));
  }
  const whole = right >= wide - 16 && bottom >= high - 16;
  if (right <= 0 || bottom <= 0 || whole) return JSON.stringify({ w: wide, h: high, fluid: true });
  return JSON.stringify({ w: Math.ceil(right), h: Math.ceil(bottom), fluid: false });
})()
"""
"""The size of a page in CSS pixels: as ``ad.size`` says it, else its body's, else what its elements cover."""
