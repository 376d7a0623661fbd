"""A plan as its page writes it: the store's draft, with the team's own words on carrying it out.

The store keeps a draft as one JSON text a version, and passes over the fields that it does not
know. So the words below live in the same versions as the strategies they belong to.
"""

from dataclasses import dataclass, field, replace

import msgspec

from recommender.errors import BadInput
from recommender.plan.check import MAX_STRATEGIES
from recommender.plan.rules import DEFAULT_RULE
from recommender.plan.sections import SectionFound
from service.store import Conflict, PlanDraft, SavedStrategy, Scope, Store
from service.store.drafts import tidy
from service.store.models import PlanVersionRow
from service.store.records import StoredPlan

MAX_NOTE_CHARACTERS = 5000
MAX_NOTES = 600


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read in the document that the plan came from."""

    file: str
    sha256: str
    kind: str
    sections: tuple[SectionFound, ...] = ()
    notes: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)
    """Where a strategy stands in the document, by strategy id."""


@dataclass(frozen=True, slots=True)
class WrittenPlan(PlanDraft):
    """What a team writes on the plan page."""

    rule_id: str = DEFAULT_RULE
    notes: dict[str, str] = field(default_factory=dict)
    """The team's own words by field, such as `year-1` or `reflection-worked`."""
    read: ReadFile | None = None


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A stored version of a plan with all that was written in it."""

    stored: StoredPlan
    written: WrittenPlan

    @property
    def plan_id(self) -> str:
        """The plan's id."""
        return self.stored.plan_id

    @property
    def version(self) -> int:
        """The version that was read."""
        return self.stored.version


def open_plan(store: Store, scope: Scope, plan_id: str) -> OpenPlan:
    """Return the latest version of a plan.

    Raises:
        NotFound: no such plan that the caller may see.
    """
    return with_words(store, store.plans.get(scope, plan_id))


def with_words(store: Store, stored: StoredPlan) -> OpenPlan:
    """Return a plan that the caller was allowed to read, with the words beside the draft."""
    with store.database.reading() as session:
        row = session.get_one(PlanVersionRow, (stored.plan_id, stored.version))
        return OpenPlan(stored, msgspec.json.decode(row.draft, type=WrittenPlan))


def create_plan(store: Store, scope: Scope, written: WrittenPlan) -> OpenPlan:
    """Keep a new plan.

    Raises:
        BadInput: every fault of the draft in one line.
    """
    written = _checked(written)
    return OpenPlan(store.plans.create(scope, written), written)


def save_plan(store: Store, scope: Scope, found: OpenPlan, written: WrittenPlan) -> OpenPlan:
    """Keep a new version; an unchanged plan makes none.

    Raises:
        BadInput: every fault of the draft in one line.
        Conflict: somebody else has saved since.
    """
    written = _checked(written)
    if written == found.written:
        return found
    return OpenPlan(store.plans.update(scope, found.plan_id, found.version, written), written)


def require_version(found: OpenPlan, version: int) -> None:
    """Refuse to write over what somebody else has saved since.

    Raises:
        Conflict: the plan has another version now.
    """
    if found.version != version:
        raise Conflict(
            "somebody saved this plan after you opened it, perhaps in another window; "
            "go back, copy what you wrote, load the plan again and save once more"
        )


def with_strategies(
    written: WrittenPlan, texts: list[str], practice_id: str | None = None
) -> WrittenPlan:
    """Return the plan with strategies added at its end; a text that is there already is not.

    Raises:
        BadInput: more strategies than a plan may have.
    """
    there = {" ".join(one.text.split()) for one in written.strategies}
    fresh = [text for text in dict.fromkeys(texts) if " ".join(text.split()) not in there]
    if len(written.strategies) + len(fresh) > MAX_STRATEGIES:
        raise BadInput(f"strategies: a plan holds at most {MAX_STRATEGIES}")
    first = _next_number(written)
    added = tuple(
        SavedStrategy(f"s{number}", text, practice_id) for number, text in enumerate(fresh, first)
    )
    return replace(written, strategies=(*written.strategies, *added))


def _next_number(written: WrittenPlan) -> int:
    """A number that no strategy has, nor one that was dropped and still has a note."""
    ids = [one.strategy_id for one in written.strategies]
    ids += [name.removeprefix("decision-") for name in written.notes]
    numbers = [int(name[1:]) for name in ids if name[:1] == "s" and name[1:].isdecimal()]
    return max(numbers, default=0) + 1


def _checked(written: WrittenPlan) -> WrittenPlan:
    faults = [
        f"{name}: {len(text)} characters, at most {MAX_NOTE_CHARACTERS}"
        for name, text in written.notes.items()
        if len(text) > MAX_NOTE_CHARACTERS
    ]
    if len(written.notes) > MAX_NOTES:
        faults.append(f"notes: at most {MAX_NOTES}")
    if faults:
        raise BadInput("; ".join(faults))
    # `tidy` replaces fields of the record it is given, so what it returns is of the same class.
    found = tidy(written)
    assert isinstance(found, WrittenPlan)
    return found
