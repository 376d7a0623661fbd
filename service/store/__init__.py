"""What people write, kept in SQLite or PostgreSQL.

Names: `Store` opens the database; `service.store.records` has what it takes and gives,
`service.store.errors` what it raises.
"""

from service.store.errors import BadStore, Conflict, NotFound, OutOfScope
from service.store.records import PlanDraft, Role, SavedStrategy, Scope
from service.store.store import Store

__all__ = [
    "BadStore",
    "Conflict",
    "NotFound",
    "OutOfScope",
    "PlanDraft",
    "Role",
    "SavedStrategy",
    "Scope",
    "Store",
]
