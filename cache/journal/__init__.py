"""The journal: leases, plays and what became of both; the durable half of the meeting point, never rebuilt."""

from cache.journal._billing import TOLERANCE_MS, billable, required_ms
from cache.journal._finish import HOLD_NS
from cache.journal._journal import JOURNAL_PLAN, Journal
from cache.journal._keys import KeyFile, PublicKey, Signature, Signer, read_public_keys
from cache.journal._record import canonical_json, play_hash, record_json
from cache.journal._schema import JOURNAL_MIGRATIONS
from cache.journal._shapes import (
    DeliveryRow,
    HeldLease,
    Identity,
    JournalHealth,
    PlayCounts,
    PlayRow,
    PruneReport,
    Unsettled,
)
from cache.journal._verify import ExportVerdict, verify_export

__all__ = [
    "HOLD_NS",
    "JOURNAL_MIGRATIONS",
    "JOURNAL_PLAN",
    "TOLERANCE_MS",
    "DeliveryRow",
    "ExportVerdict",
    "HeldLease",
    "Identity",
    "Journal",
    "JournalHealth",
    "KeyFile",
    "PlayCounts",
    "PlayRow",
    "PruneReport",
    "PublicKey",
    "Signature",
    "Signer",
    "Unsettled",
    "billable",
    "canonical_json",
    "play_hash",
    "read_public_keys",
    "record_json",
    "required_ms",
    "verify_export",
]
