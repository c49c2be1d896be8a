"""Programs that install the player on whole machines: root, minutes long, `python -m tests.field.…`."""
