"""What a new export changes in the corpus, table by table."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from recommender.records import Evidence

_KEYS = {
    "interventions": ("intervention_id",),
    "studies": ("study_id",),
    "reviews": ("review_id",),
    "report_ratings": ("intervention_id", "protocol", "protocol_version", "outcome_domain"),
    "findings": ("finding_id",),
}


@dataclass(frozen=True, slots=True)
class TableChange:
    """Ids added, removed and changed in one table; for changed ones, how often each field did."""

    table: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    changed_fields: tuple[tuple[str, int], ...]
    total: int

    @property
    def is_empty(self) -> bool:
        """True where nothing differs."""
        return not (self.added or self.removed or self.changed)


def compare_evidence(old: Evidence | None, new: Evidence) -> tuple[TableChange, ...]:
    """Compare two states of the evidence; everything is added where there was none."""
    return tuple(
        _compare(name, _by_key(old, name) if old else {}, _by_key(new, name)) for name in _KEYS
    )


def _by_key(evidence: Evidence, table: str) -> Mapping[Hashable, Any]:
    keys = _KEYS[table]
    return {tuple(getattr(r, k) for k in keys): r for r in getattr(evidence, table)}


def _compare(table: str, old: Mapping[Hashable, Any], new: Mapping[Hashable, Any]) -> TableChange:
    both = [key for key in new if key in old and new[key] != old[key]]
    counts: dict[str, int] = {}
    for key in both:
        for field in fields(new[key]):
            if getattr(new[key], field.name) != getattr(old[key], field.name):
                counts[field.name] = counts.get(field.name, 0) + 1
    return TableChange(
        table=table,
        added=tuple(_name(key) for key in new if key not in old),
        removed=tuple(_name(key) for key in old if key not in new),
        changed=tuple(_name(key) for key in both),
        changed_fields=tuple(sorted(counts.items(), key=lambda c: (-c[1], c[0]))),
        total=len(new),
    )


def _name(key: Any) -> str:
    return "/".join(map(str, key))
