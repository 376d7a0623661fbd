"""What the sheets of the audit's workbook hold: a header, and rows of plain values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from recommender.audit.compare import Change
from recommender.audit.overview import Overview
from recommender.audit.queue import NEAR, RISK_WORDS, QueueItem, Risk
from recommender.audit.run import Basis
from recommender.plan.report.page import CAVEAT, PLAN_WORDS, STRATEGY_WORDS, TURNAROUND
from recommender.plan.verdicts import Verdict

Value = str | int | float | None
Row = Sequence[Value]
Record = Mapping[str, Any]

PLANS = (
    *("File", "School", "Grades", "Verdict", "Tier 1-3 strategy", "Rule", "Strategies", "Meet"),
    *("In review", "Do not meet", "No evidence found", "Best tier", "Turnaround practices missing"),
    *("Sections not found", "Notes", "Duplicate group", "SHA-256"),
)
STRATEGIES = (
    *("File", "Strategy", "Place", "Text", "Verdict", "Tier", "Practice", "Practice id"),
    *("Probability", "Deciding words", "Outcome domain", "Citation", "Turnaround practices"),
    *("Reasons", "Question for a person", "Could serve the same aim"),
)
QUEUE = (
    *("Order", "Why it is here", "File", "School", "Strategy", "Place", "Text", "Question"),
    *("Practice", "Practice id", "Probability", "Distance to threshold", "Reasons"),
    *("Could serve the same aim", "Copies of this plan", "Decision", "Decided by", "Reason"),
)
ERRORS = ("File", "Kind", "What was found, and what to do", "SHA-256")
DUPLICATES = ("Group", "How alike, at the least", "Files in group", "File")
CHANGES = ("File", "Strategy", "Text", "Before", "Now", "Why")
_HAS = {True: "yes", False: "no", None: "a person decides"}


def plan_row(record: Record) -> Row:
    """Return the row of one checked plan."""
    verdicts = [one["verdict"] for one in record["strategies"]]
    tiers = [one["tier"] for one in record["strategies"] if one["tier"] is not None]
    group = record["duplicates"]
    return (
        record["file"],
        record["school"]["name"],
        ", ".join(record["school"]["grades"]) or "not stated",
        PLAN_WORDS[Verdict(record["verdict"])],
        _HAS[record["has_tier_1_3"]],
        record["rule"]["id"],
        len(verdicts),
        *(verdicts.count(v) for v in ("meets", "needs_review", "does_not_meet")),
        verdicts.count("no_evidence_found"),
        min(tiers, default=None),
        ", ".join(f"TP{p}" for p in record["turnaround_practices"]["missing"]),
        ", ".join(s["name"] for s in record["sections"] if not s["found"]),
        "\n".join(record["notes"]),
        group and group["group"],
        record["sha256"],
    )


def strategy_rows(record: Record) -> Iterator[Row]:
    """Yield the rows of one plan's strategies."""
    suggested = _suggested(record)
    for one in record["strategies"]:
        finding, practice = one["finding"] or {}, one["practice"] or {}
        yield (
            *(record["file"], one["id"], one["place"], one["text"]),
            STRATEGY_WORDS[Verdict(one["verdict"])],
            one["tier"],
            *(practice.get("name"), practice.get("practice_id"), one["confidence"], one["quote"]),
            *(finding.get("outcome_domain"), finding.get("citation") or one["guide_url"]),
            ", ".join(f"TP{p}" for p in one["turnaround_practices"]),
            *("\n".join(one["reasons"]), one["question"], suggested.get(one["id"])),
        )


def queue_row(order: int, item: QueueItem, record: Record, copies: int) -> Row:
    """Return one row of the queue; the last columns are the reader's own."""
    one = record["strategies"][item.position]
    practice = one["practice"] or {}
    return (
        *(order, RISK_WORDS[item.risk], record["file"], record["school"]["name"], one["id"]),
        *(one["place"], one["text"], one["question"], practice.get("name")),
        *(practice.get("practice_id"), one["confidence"]),
        item.distance if one["confidence"] is not None else None,
        *("\n".join(one["reasons"]), _suggested(record).get(one["id"]), copies),
        *(None, None, None),
    )


def error_row(record: Record) -> Row:
    """Return the row of a file without a verdict."""
    error = record["error"]
    return record["file"], error["kind"].replace("_", " "), error["detail"], record["sha256"]


def duplicate_rows(overview: Overview) -> Iterator[Row]:
    """Yield a row for every file that has copies."""
    for group in overview.groups:
        for file in group.files:
            yield group.number, group.likeness.value, len(group.files), file


def change_rows(changes: Iterable[Change]) -> Iterator[Row]:
    """Yield a row for every verdict that changed."""
    for one in changes:
        yield one.file, one.strategy_id, one.text, one.before, one.after, "\n".join(one.why)


def summary_rows(overview: Overview, changes: int | None) -> Iterator[Row]:
    """Yield the counts that a reader wants first."""
    yield "Files", len(overview.files)
    for verdict in (Verdict.MEETS, Verdict.NEEDS_REVIEW, Verdict.DOES_NOT_MEET):
        yield f"Plans: {PLAN_WORDS[verdict]}", overview.plans.get(verdict, 0)
    yield "Files without a verdict (sheet Errors)", overview.plans.get("errors", 0)
    for kind, count in sorted(overview.errors.items()):
        yield f"    {kind.replace('_', ' ')}", count
    for verdict, words in STRATEGY_WORDS.items():
        yield f"Strategies: {words}", overview.strategies.get(verdict, 0)
    for tier in (1, 2, 3):
        yield f"Strategies that meet by tier {tier}", overview.tiers.get(tier, 0)
    risks = [item.risk for item in overview.queue]
    yield "To look at (sheet Review queue)", len(risks)
    for risk in Risk:
        yield f"    {RISK_WORDS[risk]}", risks.count(risk)
    for practice, words in TURNAROUND.items():
        count = overview.practices_missing.get(practice, 0)
        yield f"Plans without a strategy for TP{practice}, {words}", count
    for name, count in sorted(overview.sections_missing.items()):
        yield f"Documents without the section: {name}", count
    yield "Groups of plans that are alike (sheet Duplicates)", len(overview.groups)
    yield "Files in these groups", len(overview.group_of)
    if changes is not None:
        yield "Verdicts that changed (sheet Changes)", changes


def method_rows(basis: Basis, overview: Overview, made_at: datetime) -> Iterator[Row]:
    """Yield what a reader needs to judge the verdicts, and to make them again."""
    manifest, stamp = basis.manifest, basis.stamp
    yield "Audit made at", made_at.isoformat(timespec="seconds")
    yield "Index build", manifest.build_id
    yield "Index built at", manifest.built_at.isoformat(timespec="seconds")
    yield "Corpus SHA-256", manifest.corpus_sha256
    yield "Evidence date", manifest.evidence_date
    yield "Encoder", manifest.model
    yield "Practices in the index", manifest.practices
    yield "Rule", f"{basis.rule.id}: {basis.rule.name} ({basis.rule.asks.value})"
    yield "Source of the rule", basis.rule.source
    yield (
        "Rules used, plans each",
        ", ".join(f"{r}: {n}" for r, n in sorted(overview.rules.items())),
    )
    yield "Grades given for all plans", ", ".join(basis.grades) or "none; the plans' own"
    yield "Program version", stamp.version
    yield "Program SHA-256", stamp.program_sha256
    yield "Lists SHA-256", stamp.lists_sha256
    for name, threshold in stamp.thresholds.items():
        yield f"Threshold: {name}", threshold
    yield "Order of the queue", "; ".join(f"{risk.value}. {RISK_WORDS[risk]}" for risk in Risk)
    yield "Within a step", "links nearest to their threshold first, then by file and place"
    yield "Barely sure enough", f"within {NEAR} of the threshold"
    yield "What this is", CAVEAT


def _suggested(record: Record) -> dict[str, str]:
    return {
        one["strategy_id"]: "; ".join(f"{p['name']} (tier {p['tier']})" for p in one["practices"])
        for one in record["suggestions"]
    }
