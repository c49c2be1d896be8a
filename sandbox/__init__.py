"""The embedded default: a local exchange, feeds, creatives and a Kinesis-compatible stream."""
