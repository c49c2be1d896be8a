"""The demo: sandbox, agent and screen on one machine, and the check that every play is proven."""

from player.demo._children import demo_environ, sandbox_children
from player.demo._demo import run_demo
from player.demo._options import DemoOptions, DemoReport
from player.demo._ports import Ports
from player.demo._toml import DEMO_EXCHANGES, player_toml, write_key
from player.demo._watch import View

__all__ = [
    "DEMO_EXCHANGES",
    "DemoOptions",
    "DemoReport",
    "Ports",
    "View",
    "demo_environ",
    "player_toml",
    "run_demo",
    "sandbox_children",
    "write_key",
]
