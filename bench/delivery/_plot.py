"""The curve of ``bench.delivery``: what 1,000 plays cost against the flush interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from config import ProofConfig

INK, FAINT, PAPER = "#10151f", "#8a93a3", "#ffffff"
BLUE, ORANGE, GREY = "#0f62c9", "#c2600c", "#6b7584"
TICKS = {1: "1 s", 10: "10 s", 60: "1 min", 300: "5 min", 900: "15 min", 3_600: "1 h"}
_LEVELS = (10, 20, 50, 100, 200, 500, 1_000)


def draw(path: Path, intervals_s: Sequence[float], curves: Mapping[str, Sequence[float]], *, floor: float) -> None:
    """Write the PNG."""
    figure, axes = plt.subplots(figsize=(8.4, 4.7), dpi=150, facecolor=PAPER)
    signed, doubled, small = curves.values()
    for units, colour in ((small, GREY), (doubled, ORANGE), (signed, BLUE)):
        axes.plot(intervals_s, units, color=colour, linewidth=2.2, marker="o", markersize=4)
    end = intervals_s[-1]
    axes.text(end * 1.16, signed[-1], f"full at\n25,000 B:\n{signed[-1]:.1f}", color=BLUE, size=9, va="center")
    axes.text(end * 1.16, small[-1], f"the same with\n310 B records:\n{small[-1]:.1f}", color=GREY, size=9, va="center")
    peak = max(range(1, len(doubled)), key=lambda at: doubled[at] - signed[at])
    label = "full at 50,000 B: sent by age,\nthey are two units, half used"
    axes.text(intervals_s[peak] * 1.15, doubled[peak] * 1.04, label, color=ORANGE, size=9, va="bottom")
    axes.axhline(1_000, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(3_600, 1_040, "one record a play: 1,000", color=FAINT, size=9, ha="right", va="bottom")
    axes.axhline(floor, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(1, floor * 0.95, f"the records' own bytes: {floor:.1f}", color=FAINT, size=9, va="top")
    default_s = ProofConfig().flush_seconds
    axes.axvline(default_s, color=FAINT, linewidth=0.8)
    axes.text(default_s * 1.05, 640, "default", color=FAINT, size=9)
    axes.set(xscale="log", yscale="log", xlim=(0.9, 4_000), ylim=(9, 1_500))
    axes.set_xticks(list(TICKS), TICKS.values())
    axes.set_yticks(_LEVELS, [f"{level:,}" for level in _LEVELS])
    axes.minorticks_off()
    axes.set_title("Kinesis payload units for 1,000 plays, one play every 10 s", loc="left", color=INK, size=12, pad=12)
    axes.set_xlabel("proof.flush_seconds", color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK)
    axes.grid(axis="y", color="#e6e9ee", linewidth=0.8)
    axes.set_axisbelow(True)
    figure.subplots_adjust(left=0.075, right=0.83, top=0.89, bottom=0.125)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)
