"""The watchdog of the picture: is what should be on the screen really there, and what is done when it is not."""

from renderer.watchdog._glance import Eye, Glance, Verdict, judge
from renderer.watchdog._ladder import HEALTHY_NS, Moment, decide, healthy, reboot_wait_ns, waits_until_ns

__all__ = [
    "HEALTHY_NS",
    "Eye",
    "Glance",
    "Moment",
    "Verdict",
    "decide",
    "healthy",
    "judge",
    "reboot_wait_ns",
    "waits_until_ns",
]
