"""The Plan page's form: every field of it -> the plan as it is to be saved, or every fault."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from recommender.errors import BadInput
from recommender.guidance import Outcome
from recommender.plan.check import MAX_STRATEGY_CHARACTERS
from recommender.search.recommender import Recommender
from service.store import SavedStrategy
from service.store.drafts import MAX_NAME_CHARACTERS, MAX_TITLE_CHARACTERS
from service.web.cards import plan_text
from service.web.plan_draft import MAX_NOTE_CHARACTERS, WrittenPlan, with_strategies
from service.web.school import School, read_school

NOTE, TEXT = "note-", "text-"
_NOTE_NAMES = re.compile(
    r"year-[123]|challenges|measures|calendar-[a-z]{5,9}|reflection-[a-z-]{2,20}|decision-.{1,200}"
)
# What people put before each line when they paste a list.
_BULLET = re.compile(r"^\s*(?:[-–—*•·▪◦‣o]\s+|\(?\d{1,3}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class PlanForm:
    """A form as it was sent."""

    version: int
    written: WrittenPlan
    faults: tuple[str, ...]


def text_of(form: FormData, name: str) -> str:
    """Return a field's text without outer blanks, line ends as one sign; a file is no text."""
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def lines_of(text: str) -> list[str]:
    """Return one strategy a line, without the bullets and numbers of a pasted list."""
    found = (_BULLET.sub("", line).strip() for line in text.splitlines())
    return [line for line in found if line]


def school_of(form: FormData) -> tuple[School, tuple[str, ...]]:
    """Return the school that a form describes, and its faults."""
    return read_school(tuple((k, v) for k, v in form.multi_items() if isinstance(v, str)))


def read_plan_form(
    form: FormData, before: WrittenPlan, rules: Mapping[str, object], recommender: Recommender
) -> PlanForm:
    """Return the plan that the form describes; what it does not name stays as it was."""
    faults: list[str] = []
    school, school_faults = school_of(form)
    faults += school_faults
    rule = text_of(form, "rule") or before.rule_id
    if rule not in rules:
        faults.append("rule: not one of the choices")
    subjects = before.school.subjects
    written = replace(
        before,
        title=text_of(form, "title") or before.title,
        school_name=text_of(form, "school_name") or None,
        district=text_of(form, "district") or None,
        school=replace(school.as_context(), subjects=subjects),
        strategies=tuple(_strategies(form, before)),
        notes=_notes(form, before),
        rule_id=rule,
    )
    try:
        written = _with_new(form, written, recommender)
    except BadInput as error:
        faults.append(str(error))
    faults += _too_long(written)
    return PlanForm(_version(form), written, tuple(faults))


def _version(form: FormData) -> int:
    text = text_of(form, "version")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _strategies(form: FormData, before: WrittenPlan) -> Iterable[SavedStrategy]:
    """An emptied strategy goes, and so does the one whose button was pressed."""
    removed = text_of(form, "remove")
    for one in before.strategies:
        name = TEXT + one.strategy_id
        text = text_of(form, name) if name in form else one.text
        if text and one.strategy_id != removed:
            yield replace(one, text=text)


def _with_new(form: FormData, written: WrittenPlan, recommender: Recommender) -> WrittenPlan:
    written = with_strategies(written, lines_of(text_of(form, "new")))
    if practice_id := text_of(form, "add"):
        card = recommender.card(practice_id)
        wording = plan_text(card, written.school)
        return with_strategies(written, [wording], practice_id)
    return written


def _notes(form: FormData, before: WrittenPlan) -> dict[str, str]:
    notes = dict(before.notes)
    for field in form:
        name = field.removeprefix(NOTE)
        if name == field or not _NOTE_NAMES.fullmatch(name):
            continue
        notes[name] = text_of(form, field)
        if name.startswith("decision-") and notes[name] not in set(Outcome):
            notes[name] = ""
    return {name: text for name, text in notes.items() if text}


def _too_long(written: WrittenPlan) -> Iterable[str]:
    limits = [
        ("title", written.title, MAX_TITLE_CHARACTERS),
        ("school name", written.school_name or "", MAX_NAME_CHARACTERS),
        ("district", written.district or "", MAX_NAME_CHARACTERS),
        *(
            (f"strategy {number}", one.text, MAX_STRATEGY_CHARACTERS)
            for number, one in enumerate(written.strategies, 1)
        ),
        *((name.replace("-", " "), t, MAX_NOTE_CHARACTERS) for name, t in written.notes.items()),
    ]
    for name, text, most in limits:
        if len(text) > most:
            yield f"{name}: {len(text):,} characters, at most {most:,}"
