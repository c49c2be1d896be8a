"""Programs that let the player run for long, accelerated: ``python -m tests.soak.<name>``."""
