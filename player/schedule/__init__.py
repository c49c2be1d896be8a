"""When the agent's jobs run: on the monotonic clock, each apart from the others, wakeable."""

from player.schedule._retry import Retry

__all__ = ["Retry"]
