"""The journal: leases, plays and what became of both; the durable half of the meeting point, never rebuilt."""

from cache.journal._billing import TOLERANCE_MS, billable, required_ms
from cache.journal._journal import JOURNAL_PLAN, Journal
from cache.journal._record import canonical_json, play_hash, record_json
from cache.journal._schema import JOURNAL_MIGRATIONS
from cache.journal._shapes import DeliveryRow, HeldLease, Identity, PlayCounts, PlayRow, PruneReport, Unsettled
from cache.journal._verify import ExportVerdict, verify_export

__all__ = [
    "JOURNAL_MIGRATIONS",
    "JOURNAL_PLAN",
    "TOLERANCE_MS",
    "DeliveryRow",
    "ExportVerdict",
    "HeldLease",
    "Identity",
    "Journal",
    "PlayCounts",
    "PlayRow",
    "PruneReport",
    "Unsettled",
    "billable",
    "canonical_json",
    "play_hash",
    "record_json",
    "required_ms",
    "verify_export",
]
