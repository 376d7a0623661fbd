"""What changed between two audits, and why: plan by plan, strategy by strategy."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recommender.audit.duplicates import normal_text
from recommender.audit.journal import Journal
from recommender.audit.results import ResultFile

Record = Mapping[str, Any]


class Cause(StrEnum):
    """What can differ between two results."""

    FILE = "the file is another one"
    TEXT = "the strategies' words changed"
    SCHOOL = "what is known of the school changed"
    RULE = "the rule changed"
    INDEX = "the index changed"
    LISTS = "the check's lists changed"
    PROGRAM = "the program changed"
    THRESHOLDS = "the thresholds changed"
    UNKNOWN = "nothing that is recorded changed: report this as a fault"


@dataclass(frozen=True, slots=True)
class Change:
    """One verdict that changed; `strategy_id` is `None` for the plan's own."""

    file: str
    strategy_id: str | None
    text: str | None
    before: str | None
    """`None` where there was nothing to compare with."""
    after: str | None
    why: tuple[str, ...]


def compare_records(old: Record | None, new: Record | None) -> Iterator[Change]:
    """Yield every verdict that changed from one result of a file to another."""
    file = str((new or old or {})["file"])
    before, after = _standing(old), _standing(new)
    if old is None or new is None or "error" in old or "error" in new:
        if before != after:
            yield Change(file, None, None, before, after, _file_causes(old, new))
        return
    causes = tuple(cause.value for cause in _causes(old, new)) or (Cause.UNKNOWN.value,)
    if before != after:
        yield Change(file, None, None, before, after, causes)
    yield from _strategy_changes(file, old["strategies"], new["strategies"], causes)


def _standing(record: Record | None) -> str | None:
    if record is None:
        return None
    return str(record["verdict"]) if "verdict" in record else "no verdict"


def _file_causes(old: Record | None, new: Record | None) -> tuple[str, ...]:
    if old is None:
        return ("the file was not in the older audit",)
    if new is None:
        return ("the file is not in this audit",)
    found = [f"{when}: {r['error']['detail']}" for when, r in (("before", old), ("now", new))
             if "error" in r]  # fmt: skip
    changed = [Cause.FILE.value] if old.get("sha256") != new.get("sha256") else []
    return (*changed, *found)


def _causes(old: Record, new: Record) -> Iterator[Cause]:
    checks = (
        (Cause.FILE, lambda r: r.get("sha256")),
        (Cause.TEXT, lambda r: [one["text"] for one in r["strategies"]]),
        (Cause.SCHOOL, lambda r: r["school"]),
        (Cause.RULE, lambda r: r["rule"]),
        (Cause.INDEX, lambda r: r["index"]["build_id"]),
        (Cause.LISTS, lambda r: r["check"]["lists_sha256"]),
        (Cause.PROGRAM, lambda r: (r["check"]["version"], r["check"]["program_sha256"])),
        (Cause.THRESHOLDS, lambda r: r["check"]["thresholds"]),
    )
    return (cause for cause, read in checks if read(old) != read(new))


def _strategy_changes(
    file: str, old: Sequence[Record], new: Sequence[Record], causes: tuple[str, ...]
) -> Iterator[Change]:
    """Match strategies by their words, since ids move when a line is added above."""
    before, after = _by_words(old), _by_words(new)
    for key, one in after.items():
        was = before.get(key)
        if was is None:
            yield _change(file, one, None, one["verdict"], ("the strategy is new in the plan",))
        elif was["verdict"] != one["verdict"]:
            why = (*causes, *_details(was, one))
            yield _change(file, one, was["verdict"], one["verdict"], why)
    for key, one in before.items():
        if key not in after:
            why = ("the strategy is no longer in the plan",)
            yield _change(file, one, one["verdict"], None, why)


def _by_words(strategies: Sequence[Record]) -> dict[tuple[str, int], Record]:
    """Return strategies by their words, and by which of several with these words it is."""
    seen: Counter[str] = Counter()
    found = {}
    for one in strategies:
        text = normal_text(one["text"])
        found[text, seen[text]] = one
        seen[text] += 1
    return found


def _change(
    file: str, one: Record, before: str | None, after: str | None, why: tuple[str, ...]
) -> Change:
    return Change(file, one["id"], one["text"], before, after, why)


def _details(old: Record, new: Record) -> Iterator[str]:
    was, now = _practice(old), _practice(new)
    if was != now:
        yield f"practice: {was} before, {now} now"
    for name in ("tier", "confidence"):
        if old[name] != new[name]:
            yield f"{name}: {_shown(old[name])} before, {_shown(new[name])} now"
    for reason in new["reasons"]:
        if reason not in old["reasons"]:
            yield f"reason now: {reason}"


def _practice(one: Record) -> str:
    return str(one["practice"]["practice_id"]) if one["practice"] else "none"


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def compare_files(older: ResultFile, files: Sequence[str], journal: Journal) -> Iterator[Change]:
    """Yield all changes between a stored audit and this one, by file."""
    present = set(files)
    for file in sorted(present | older.lines.keys()):
        old = older.record(file) if file in older.lines else None
        new = journal.record_json(file) if file in present else None
        yield from compare_records(old, new)
