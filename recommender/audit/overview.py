"""One look over all results of an audit: counts, duplicates, and the queue of what to look at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recommender.audit.duplicates import (
    DuplicateGroup,
    PlanPrint,
    find_duplicates,
    plan_print,
)
from recommender.audit.journal import Journal
from recommender.audit.queue import QueueItem, queue_items


@dataclass(frozen=True, slots=True)
class Overview:
    """What is kept in memory of an audit; the results themselves stay in the journal."""

    files: tuple[str, ...]
    plans: Mapping[str, int]
    """Plans by verdict, and `errors`."""
    strategies: Mapping[str, int]
    """Strategies by verdict."""
    tiers: Mapping[int, int]
    """Strategies that meet, by tier in the school."""
    practices_missing: Mapping[int, int]
    """Plans in which no strategy serves a turnaround practice."""
    sections_missing: Mapping[str, int]
    """Documents in which a section of the state's guidance was not found."""
    errors: Mapping[str, int]
    """Files without a verdict, by kind of error."""
    rules: Mapping[str, int]
    queue: tuple[QueueItem, ...]
    groups: tuple[DuplicateGroup, ...]
    group_of: Mapping[str, DuplicateGroup]


def look_over(files: Iterable[str], journal: Journal) -> Overview:
    """Read every result once, in the order of the files."""
    names = tuple(files)
    counts: dict[str, Counter[Any]] = {
        key: Counter()
        for key in ("plans", "strategies", "tiers", "practices", "sections", "errors", "rules")
    }
    queue: list[QueueItem] = []
    prints: list[PlanPrint] = []
    for name in names:
        record = journal.record_json(name)
        _count(record, counts)
        queue.extend(queue_items(record))
        prints.append(plan_print(record))
    groups = find_duplicates(prints)
    return Overview(
        files=names,
        plans=counts["plans"],
        strategies=counts["strategies"],
        tiers=counts["tiers"],
        practices_missing=counts["practices"],
        sections_missing=counts["sections"],
        errors=counts["errors"],
        rules=counts["rules"],
        queue=tuple(sorted(queue)),
        groups=groups,
        group_of={file: group for group in groups for file in group.files},
    )


def _count(record: Mapping[str, Any], counts: Mapping[str, Counter[Any]]) -> None:
    if "error" in record:
        counts["plans"]["errors"] += 1
        counts["errors"][record["error"]["kind"]] += 1
        return
    counts["plans"][record["verdict"]] += 1
    counts["rules"][record["rule"]["id"]] += 1
    counts["practices"].update(record["turnaround_practices"]["missing"])
    counts["sections"].update(s["name"] for s in record["sections"] if not s["found"])
    for one in record["strategies"]:
        counts["strategies"][one["verdict"]] += 1
        if one["tier"] is not None:
            counts["tiers"][one["tier"]] += 1


def final_records(overview: Overview, journal: Journal) -> Iterator[dict[str, Any]]:
    """Yield each file's result in order, with the group of duplicates that it is in."""
    for name in overview.files:
        record = journal.record_json(name)
        group = overview.group_of.get(name)
        record["duplicates"] = group and {
            "group": group.number,
            "likeness": group.likeness.value,
            "files": len(group.files),
            "first": group.files[0],
        }
        yield record
