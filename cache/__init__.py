"""Where agent and screen meet: content-addressed files, leases, the play journal, feed snapshots."""

from cache._billing import TOLERANCE_MS, billable, required_ms
from cache._board import Board, BoardName
from cache._cache import Cache, EvictReport
from cache._clock import Clock, ClockState, SystemClock, rfc3339
from cache._doorbell import Doorbell, DoorbellName, ring
from cache._folders import Folders
from cache._ids import new_id
from cache._journal import Journal
from cache._journal_shapes import DeliveryRow, HeldLease, Identity, PlayCounts, PlayRow, PruneReport
from cache._playhead import Playhead, PlayheadState
from cache._record import canonical_json, play_hash, record_json
from cache._shapes import (
    PLAY_SCHEMA,
    Beacon,
    DeliveryState,
    DisplayState,
    EndReason,
    FeedSnapshot,
    HouseAd,
    Lease,
    LeaseState,
    Plate,
    Play,
    PlayEnd,
    PlayLayout,
    PlayStart,
    QueuedBeacon,
    QueuedPlay,
    QueueState,
    ReadyAd,
    Receipt,
)
from cache._store import Store, StoredFile, StoredKind
from cache._verify import ExportVerdict, verify_export

__all__ = [
    "PLAY_SCHEMA",
    "TOLERANCE_MS",
    "Beacon",
    "Board",
    "BoardName",
    "Cache",
    "Clock",
    "ClockState",
    "DeliveryRow",
    "DeliveryState",
    "DisplayState",
    "Doorbell",
    "DoorbellName",
    "EndReason",
    "EvictReport",
    "ExportVerdict",
    "FeedSnapshot",
    "Folders",
    "HeldLease",
    "HouseAd",
    "Identity",
    "Journal",
    "Lease",
    "LeaseState",
    "Plate",
    "Play",
    "PlayCounts",
    "PlayEnd",
    "PlayLayout",
    "PlayRow",
    "PlayStart",
    "Playhead",
    "PlayheadState",
    "PruneReport",
    "QueueState",
    "QueuedBeacon",
    "QueuedPlay",
    "ReadyAd",
    "Receipt",
    "Store",
    "StoredFile",
    "StoredKind",
    "SystemClock",
    "billable",
    "canonical_json",
    "new_id",
    "play_hash",
    "record_json",
    "required_ms",
    "rfc3339",
    "ring",
    "verify_export",
]
