"""What a team may write in a plan, and how it is kept as text."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from recommender.errors import BadInput
from recommender.plan.check import MAX_STRATEGIES, MAX_STRATEGY_CHARACTERS
from recommender.records import GRADES
from recommender.search.recommender import URBANICITY
from service.store.records import PlanDraft

MAX_TITLE_CHARACTERS = 300
MAX_NAME_CHARACTERS = 200
MAX_ID_CHARACTERS = 200
MAX_LIST = 20


def tidy(draft: PlanDraft) -> PlanDraft:
    """Return a draft with blanks tidied.

    Raises:
        BadInput: every fault in one line.
    """
    draft = replace(
        draft,
        title=" ".join(draft.title.split()),
        school_name=_tidy_name(draft.school_name),
        district=_tidy_name(draft.district),
    )
    if faults := list(_faults(draft)):
        raise BadInput("; ".join(faults))
    return draft


def draft_text(draft: PlanDraft) -> str:
    """Return a draft as it is kept."""
    return msgspec.json.encode(draft).decode()


def read_draft(text: str) -> PlanDraft:
    """Return a kept draft."""
    return msgspec.json.decode(text, type=PlanDraft)


def _tidy_name(name: str | None) -> str | None:
    return " ".join((name or "").split()) or None


def _faults(draft: PlanDraft) -> Iterator[str]:
    if not 1 <= len(draft.title) <= MAX_TITLE_CHARACTERS:
        yield f"title: {len(draft.title)} characters, expected 1 to {MAX_TITLE_CHARACTERS}"
    for field, name in (("school name", draft.school_name), ("district", draft.district)):
        if name and len(name) > MAX_NAME_CHARACTERS:
            yield f"{field}: {len(name)} characters, at most {MAX_NAME_CHARACTERS}"
    yield from _school_faults(draft)
    yield from _strategy_faults(draft)
    if has_nul(draft_text(draft)):
        yield "text: holds a character that cannot be kept (NUL)"


def has_nul(json_text: str) -> bool:
    """Tell whether a JSON text holds the character that PostgreSQL cannot keep."""
    return "\\u0000" in json_text.replace("\\\\", "")


def _school_faults(draft: PlanDraft) -> Iterator[str]:
    school = draft.school
    for grade in school.grades:
        if grade not in GRADES:
            yield f"school grade: found {grade!r}, expected one of {', '.join(GRADES)}"
    if school.urbanicity is not None and school.urbanicity not in URBANICITY:
        yield f"school urbanicity: found {school.urbanicity!r}, expected {', '.join(URBANICITY)}"
    for field, names in (("subjects", school.subjects), ("student groups", school.student_groups)):
        if len(names) > MAX_LIST or any(len(name) > MAX_NAME_CHARACTERS for name in names):
            yield f"school {field}: at most {MAX_LIST}, each {MAX_NAME_CHARACTERS} characters"


def _strategy_faults(draft: PlanDraft) -> Iterator[str]:
    """An unfinished plan may have no strategy and empty ones; a check asks for more."""
    if len(draft.strategies) > MAX_STRATEGIES:
        yield f"strategies: found {len(draft.strategies)}, at most {MAX_STRATEGIES}"
    ids = [strategy.strategy_id for strategy in draft.strategies]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"strategies: id {twice!r} comes twice"
    for strategy in draft.strategies:
        for name in (strategy.strategy_id, strategy.practice_id or "-"):
            if not 1 <= len(name) <= MAX_ID_CHARACTERS:
                yield f"strategy: id of {len(name)} characters, expected 1 to {MAX_ID_CHARACTERS}"
        if len(strategy.text) > MAX_STRATEGY_CHARACTERS:
            yield (
                f"strategy {strategy.strategy_id!r}: {len(strategy.text)} characters, "
                f"at most {MAX_STRATEGY_CHARACTERS}"
            )
