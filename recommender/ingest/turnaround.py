"""The four turnaround practices, and texts labelled with the ones they serve."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from recommender.errors import BadCorpus
from recommender.ingest.profiles import read_yaml
from recommender.records import GuideRecommendation, Profile

Number = Literal[1, 2, 3, 4]


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One indicator of the state's rubric whose topic was read in a source."""

    id: str
    topic: str
    source: str


class TurnaroundPractice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A turnaround practice: its official name, our one line, and the indicators we can name."""

    practice: Number
    name: str
    meaning: str
    sources: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    indicators_in_rubric: int
    """More than `indicators` holds; the others are left out because their names were not read."""


class LabelledStrategy(msgspec.Struct, frozen=True):
    """One labelled line of a plan; the file's other keys are for other judgments."""

    id: str
    text: str
    practice_ids: tuple[str, ...]
    turnaround_practices: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text; `unsure` practices count neither for it nor against it."""

    text: str
    practices: tuple[int, ...]
    unsure: tuple[int, ...] = ()
    group: str | None = None
    """Never split between folds; `None` stands for the group of the nearest grouped example."""
    plan_voice: bool = False
    """Written as plans are; probabilities are calibrated on these where there are any."""


def read_turnaround_practices(path: Path) -> tuple[TurnaroundPractice, ...]:
    """Read the four practices in order.

    Raises:
        BadCorpus: another shape, or not exactly the practices 1 to 4.
    """
    practices = read_yaml(path, tuple[TurnaroundPractice, ...])
    if (found := [entry.practice for entry in practices]) != [1, 2, 3, 4]:
        raise BadCorpus(f"{path}: practices are {found}, expected [1, 2, 3, 4]")
    return practices


def read_strategies(path: Path) -> tuple[LabelledStrategy, ...]:
    """Read labelled strategies, one JSON object a line.

    Raises:
        BadCorpus: no such file, or lines that break the shape; every bad line is named.
    """
    if not path.is_file():
        raise BadCorpus(f"{path}: missing from the corpus")
    found: dict[str, LabelledStrategy] = {}
    faults = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            strategy = msgspec.json.decode(line, type=LabelledStrategy)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            faults.append(f"line {number}: {error}")
            continue
        if strategy.id in found:
            faults.append(f"line {number}: id {strategy.id!r} comes twice")
        found[strategy.id] = strategy
    if faults:
        raise BadCorpus(f"{path}: " + "; ".join(faults[:10]))
    return tuple(found.values())


def profile_examples(
    profiles: Iterable[Profile],
    guides: Iterable[GuideRecommendation],
    out_of_reach: Iterable[str] = (),
) -> tuple[Example, ...]:
    """Make examples of texts that an index holds as passages too; `out_of_reach` serve none.

    A secondary practice is unsure: profiles name 1.7 practices each, labelled lines of plans 1.04.
    """
    recommended = {g.practice_id: (g.recommendation, "; ".join(g.how_to)) for g in guides}
    found = [Example(text, (), group=f"out of reach: {text}") for text in out_of_reach]
    for p in profiles:
        texts = (p.summary, *p.causes, *recommended.get(p.practice_id, ()))
        primary, unsure = (p.turnaround_primary,), p.turnaround_secondary
        found += [Example(text, primary, unsure, p.family) for text in texts]
    return tuple(found)


def strategy_examples(
    strategies: Iterable[LabelledStrategy], profiles: Iterable[Profile]
) -> tuple[Example, ...]:
    """Make examples of labelled strategies, each in the family of the practice it names."""
    families = {profile.practice_id: profile.family for profile in profiles}
    return tuple(
        Example(
            strategy.text,
            strategy.turnaround_practices,
            group=next((families[i] for i in strategy.practice_ids if i in families), None),
            plan_voice=True,
        )
        for strategy in strategies
    )
