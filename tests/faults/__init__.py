"""Longer programs that break things on purpose; ``make faults`` runs them, ``make test`` does not."""
