"""The audit desk's workbook: every verdict and every decision that the caller may see.

All text is written as text; what starts like a formula stays text when a person edits the cell.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from recommender.audit.workbook import MOST_CHARACTERS
from service.store import Scope, Store
from service.store.audit_records import Decision, ReviewItem
from service.store.records import PlanSummary
from service.web.audit_filters import A_READ, Filters
from service.web.audit_words import ANSWER_WORDS, STATE_WORDS, VERDICT_WORDS

Value = str | int | float | bool | None
Row = Sequence[Value]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
PLANS = (
    *("Plan", "School", "District", "Rule", "Strategies", "Meet", "Still open"),
    *("A strategy meets", "Index build", "Checked at", "Plan id"),
)
VERDICTS = (
    *("Plan", "School", "District", "Strategy", "Text", "Software", "Verdict now"),
    *("Where it stands", "Risk", "Tier", "Practice", "Practice id", "Chance", "Quote"),
    *("Outcome domain", "Citation", "Turnaround practices", "Reasons", "Question", "Plan id"),
)
DECISIONS = (
    *("Number", "When (UTC)", "Who", "Plan", "Strategy", "Decision", "Reason", "Counts now"),
    *("Plan id", "Check id", "Decision id", "Key id"),
)
_WIDE = {"Text": 60, "Reason": 60, "Reasons": 60, "Citation": 60, "Question": 50, "Quote": 40,
         "Plan": 32, "School": 28, "Practice": 32, "Value": 80}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of a workbook."""

    plans: tuple[Row, ...]
    verdicts: tuple[Row, ...]
    decisions: tuple[Row, ...]

    @property
    def rows(self) -> int:
        """Rows of the sheets that hold data."""
        return len(self.plans) + len(self.verdicts) + len(self.decisions)


def gather(store: Store, scope: Scope, filters: Filters) -> Gathered:
    """Read all plans that pass, with their verdicts and decisions."""
    plans: list[Row] = []
    verdicts: list[Row] = []
    decisions: list[tuple[int, Row]] = []
    for plan in _plans(store, scope, filters):
        body = _body(store, scope, plan)
        plans.append(_plan_row(plan, body))
        found = {one["id"]: one for one in body.get("strategies", ())}
        for item in store.decisions.of_plan(scope, plan.plan_id):
            verdicts.append(_verdict_row(item, found.get(item.strategy_id, {})))
            if item.last_decision is not None:
                past = store.decisions.history(scope, plan.plan_id, item.strategy_id)
                decisions += [(one.number, _decision_row(one, plan)) for one in past]
    ordered = sorted(decisions, key=lambda each: each[0])
    return Gathered(tuple(plans), tuple(verdicts), tuple(row for _, row in ordered))


def _plans(store: Store, scope: Scope, filters: Filters) -> Iterator[PlanSummary]:
    page = 1
    while True:
        found = store.plans.list(
            scope,
            batch_id=filters.batch or None,
            district=filters.district or None,
            page=page,
            per_page=A_READ,
        )
        yield from found.items
        if page * A_READ >= found.total:
            return
        page += 1


def _body(store: Store, scope: Scope, plan: PlanSummary) -> dict[str, Any]:
    if plan.check_id is None:
        return {}
    check = store.checks.get(scope, plan.check_id)
    body: dict[str, Any] = json.loads(check.body)
    return body | {"made_at": check.created_at}


def _plan_row(plan: PlanSummary, body: dict[str, Any]) -> Row:
    return (
        *(plan.title, plan.school_name, plan.district, body.get("rule", {}).get("name")),
        *(plan.strategies, plan.meets, plan.undecided),
        ANSWER_WORDS[plan.has_tier_1_3] if plan.check_id else "Not checked yet",
        *(body.get("index", {}).get("build_id"), body.get("made_at"), plan.plan_id),
    )


def _verdict_row(item: ReviewItem, one: dict[str, Any]) -> Row:
    finding = one.get("finding") or {}
    return (
        *(item.plan_title, item.school_name, item.district, item.strategy_id, item.text),
        *(VERDICT_WORDS[item.software], VERDICT_WORDS[item.verdict], STATE_WORDS[item.state]),
        *(item.risk, item.tier, item.practice_name, item.practice_id, one.get("confidence")),
        *(one.get("quote"), finding.get("outcome_domain")),
        finding.get("citation") or one.get("guide_url"),
        ", ".join(map(str, item.turnaround_practices)),
        *("\n".join(one.get("reasons") or ()), one.get("question"), item.plan_id),
    )


def _decision_row(one: Decision, plan: PlanSummary) -> Row:
    return (
        *(one.number, one.created_at, one.reviewer, plan.title, one.strategy_id),
        *(VERDICT_WORDS[one.verdict], one.reason, "yes" if one.counts else "no"),
        *(one.plan_id, one.check_id, one.decision_id, one.reviewer_id),
    )


def workbook(found: Gathered, about: Iterable[tuple[str, str]]) -> bytes:
    """Return the workbook's bytes; its rows wait in a folder of their own until it is closed."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "audit.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(path), options) as book:
            book.set_properties({"title": "Audit of plans", "created": datetime.now(UTC)})
            _add(book, "Verdicts", VERDICTS, found.verdicts)
            _add(book, "Decisions", DECISIONS, found.decisions)
            _add(book, "Plans", PLANS, found.plans)
            _add(book, "About", ("What", "Value"), list(about))
        return path.read_bytes()


def _add(book: xlsxwriter.Workbook, name: str, header: Row, rows: Sequence[Row]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    top = book.add_format({"valign": "top", "text_wrap": True})
    # A leading = + - or @ stays text when a person edits the cell, too.
    quoted = book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True})
    for column, title in enumerate(header):
        sheet.set_column(column, column, _WIDE.get(str(title), 16))
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(header):
        sheet.write_string(0, column, str(title), bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                text = value[:MOST_CHARACTERS]
                style = quoted if text.lstrip(" ").startswith(FORMULA_STARTS) else top
                sheet.write_string(number, column, text, style)
            elif value is not None:
                sheet.write_number(number, column, value, top)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
