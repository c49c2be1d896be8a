"""The watchdog of the picture: is what should be on the screen really there, and what is done when it is not.

It is told what is owed and shown what is there; it draws nothing and loads no pygame.
"""

from renderer.watchdog._escalate import EXIT_PROCESS, EXIT_SERVICE, RESCUE, Escalator
from renderer.watchdog._glance import Eye, Glance, Verdict, judge
from renderer.watchdog._ladder import HEALTHY_NS, Moment, decide, healthy, reboot_wait_ns, waits_until_ns
from renderer.watchdog._watch import Owed, Surface, Watch

__all__ = [
    "EXIT_PROCESS",
    "EXIT_SERVICE",
    "HEALTHY_NS",
    "RESCUE",
    "Escalator",
    "Eye",
    "Glance",
    "Moment",
    "Owed",
    "Surface",
    "Verdict",
    "Watch",
    "decide",
    "healthy",
    "judge",
    "reboot_wait_ns",
    "waits_until_ns",
]
