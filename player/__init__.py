"""The agent, the command line, the supervisor of the processes."""
