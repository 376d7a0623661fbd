"""The plan check: each strategy's verdict, and the plan's under the rule of the money.

A wrong "meets" is the worst error, so whatever is generic, close, mixed or unknown goes
to a person. It says "meets the stated evidence condition in our reading"; the state decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from recommender import paths
from recommender.errors import BadInput
from recommender.index.placed import PlacedText
from recommender.plan.grades import grades_worked_in
from recommender.plan.judge import Thresholds, judge
from recommender.plan.link import Linker, Reading
from recommender.plan.rules import DEFAULT_RULE, Asks, Rule, read_rule
from recommender.plan.school import judge_locally
from recommender.plan.verdicts import (
    DecidingFinding,
    Plan,
    PlanVerdict,
    Strategy,
    StrategyVerdict,
    Verdict,
    has_top_tier,
)
from recommender.records import GRADES, Context
from recommender.search.recommender import URBANICITY, Recommender
from recommender.tags import PRACTICES, TurnaroundTagger
from recommender.wire import index_json

MAX_STRATEGIES = 200
MAX_STRATEGY_CHARACTERS = 5000


class PlanChecker:
    """Checks plans with one index; build it once."""

    def __init__(
        self,
        recommender: Recommender,
        linker: Linker,
        tagger: TurnaroundTagger | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._search = recommender
        self._linker = linker
        self._tagger = tagger
        self._thresholds = thresholds or Thresholds()

    @classmethod
    def open(
        cls,
        recommender: Recommender,
        corpus: Path | None = None,
        tagger: TurnaroundTagger | None = None,
    ) -> "PlanChecker":
        """Read the cues and lists of a corpus folder, by default the configured one."""
        return cls(recommender, Linker.open(recommender, corpus or paths.corpus_folder()), tagger)

    def asked(self, text: str) -> PlacedText:
        """Return what a strategy's check has encoded, so that many plans can share a batch."""
        return self._linker.asked(text)

    def check(self, plan: Plan, rule: Rule) -> PlanVerdict:
        """Check a plan under a rule.

        Raises:
            BadInput: every fault of the plan in one line.
        """
        check_plan_input(plan)
        texts = [strategy.text for strategy in plan.strategies]
        readings = self._linker.read(texts)
        tags = self._tags(readings)
        found = tuple(
            self._one(strategy, reading, plan.school, tag)
            for strategy, reading, tag in zip(plan.strategies, readings, tags)
        )
        verdicts = [one.verdict for one in found]
        covered = _covered(found)
        return PlanVerdict(
            rule=rule,
            verdict=plan_verdict(verdicts, rule.asks),
            has_tier_1_3=has_top_tier(verdicts),
            strategies=found,
            covered=covered,
            missing=tuple(p for p in PRACTICES if p not in covered),
            index=self._search.index.manifest,
        )

    def _one(
        self, strategy: Strategy, reading: Reading, school: Context, tags: tuple[int, ...]
    ) -> StrategyVerdict:
        result = judge(strategy, reading, school, self._search.cards, self._thresholds)
        served = tags
        if result.practice_id and result.verdict in (Verdict.MEETS, Verdict.DOES_NOT_MEET):
            profile = self._search.card(result.practice_id).profile
            served = tuple(sorted(profile.turnaround_practices)) if profile else tags
        if reading.about or any(c.effect == "none" for n in reading.named for c in n.cues):
            served = served if result.verdict is Verdict.MEETS else ()
        result = replace(result, turnaround_practices=served)
        return self._with_finding(result, reading, school)

    def _with_finding(
        self, result: StrategyVerdict, reading: Reading, school: Context
    ) -> StrategyVerdict:
        if result.verdict is not Verdict.MEETS or result.practice_id is None:
            return result
        card = self._search.card(result.practice_id)
        if card.practice.guide is not None:
            return replace(result, guide_url=card.practice.guide.url)
        family = [self._search.card(i) for i in (result.practice_id, *card.practice.siblings)]
        local = judge_locally(family, school, grades_worked_in(reading))
        if local.finding is None or local.outcome_domain is None:
            return result
        studies = {s.study_id: s for s in self._search.evidence_file(local.practice_id).studies}
        finding = DecidingFinding(
            study_id=local.finding.study_id,
            finding_id=local.finding.finding_id,
            outcome_domain=local.outcome_domain,
            citation=studies[local.finding.study_id].citation,
        )
        return replace(result, finding=finding)

    def _tags(self, readings: Sequence[Reading]) -> list[tuple[int, ...]]:
        if self._tagger is None or not readings:
            return [() for _ in readings]
        found = self._tagger.tag(np.stack([reading.vector for reading in readings]))
        return [tuple(sorted(tag.practice for tag in tags)) for tags in found]


_CHECKERS: WeakKeyDictionary[Recommender, PlanChecker] = WeakKeyDictionary()


def check_plan(
    recommender: Recommender,
    plan: Plan,
    rule: Rule | str = DEFAULT_RULE,
    tagger: TurnaroundTagger | None = None,
) -> PlanVerdict:
    """Check a plan; what is read from the corpus folder is kept for the next plan.

    Raises:
        BadInput: every fault of the plan in one line, or an unknown rule.
    """
    if isinstance(rule, str):
        rule = read_rule(rule, paths.corpus_folder())
    if tagger is not None:
        return PlanChecker.open(recommender, tagger=tagger).check(plan, rule)
    if recommender not in _CHECKERS:
        _CHECKERS[recommender] = PlanChecker.open(recommender)
    return _CHECKERS[recommender].check(plan, rule)


def plan_verdict(verdicts: Sequence[Verdict], asks: Asks) -> Verdict:
    """Return the plan's verdict: yes, no, or a person decides."""
    if asks is Asks.ONE_IN_TOP_THREE:
        answer = has_top_tier(verdicts)
        if answer is None:
            return Verdict.NEEDS_REVIEW
        return Verdict.MEETS if answer else Verdict.DOES_NOT_MEET
    if verdicts and all(verdict is Verdict.MEETS for verdict in verdicts):
        return Verdict.MEETS
    # Tier 4 is a rationale that a school can write itself; the collection cannot rule it out.
    if asks is Asks.EACH_IN_ANY and verdicts:
        return Verdict.NEEDS_REVIEW
    refused = (Verdict.DOES_NOT_MEET, Verdict.NO_EVIDENCE_FOUND)
    if not verdicts or any(verdict in refused for verdict in verdicts):
        return Verdict.DOES_NOT_MEET
    return Verdict.NEEDS_REVIEW


def check_plan_input(plan: Plan) -> None:
    """Refuse a plan that cannot be checked, naming every fault.

    Raises:
        BadInput: one line with all faults.
    """
    if faults := list(_faults(plan)):
        raise BadInput("; ".join(faults))


def _faults(plan: Plan) -> Iterable[str]:
    count = len(plan.strategies)
    if not 1 <= count <= MAX_STRATEGIES:
        yield f"strategies: found {count}, expected 1 to {MAX_STRATEGIES}"
    ids = [strategy.strategy_id for strategy in plan.strategies]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"strategies: id {twice!r} comes twice"
    for strategy in plan.strategies[:MAX_STRATEGIES]:
        if not strategy.text.strip():
            yield f"strategy {strategy.strategy_id!r}: found no text"
        if len(strategy.text) > MAX_STRATEGY_CHARACTERS:
            length = len(strategy.text)
            yield (
                f"strategy {strategy.strategy_id!r}: {length} characters, "
                f"at most {MAX_STRATEGY_CHARACTERS}"
            )
    for grade in plan.school.grades:
        if grade not in GRADES:
            yield f"school grade: found {grade!r}, expected one of {', '.join(GRADES)}"
    urbanicity = plan.school.urbanicity
    if urbanicity is not None and urbanicity not in URBANICITY:
        yield f"school urbanicity: found {urbanicity!r}, expected {', '.join(URBANICITY)}"


def _covered(found: Sequence[StrategyVerdict]) -> tuple[int, ...]:
    return tuple(sorted({p for one in found for p in one.turnaround_practices}))


def plan_json(verdict: PlanVerdict) -> dict[str, Any]:
    """Return the answer of `POST /v1/plan-checks`."""
    return {
        "has_tier_1_3": verdict.has_tier_1_3,
        "verdict": verdict.verdict.value,
        "rule": {"id": verdict.rule.id, "name": verdict.rule.name, "asks": verdict.rule.asks.value},
        "strategies": [_strategy_json(one) for one in verdict.strategies],
        "turnaround_practices": {
            "covered": list(verdict.covered),
            "missing": list(verdict.missing),
        },
        "index": index_json(verdict.index),
    }


def _strategy_json(one: StrategyVerdict) -> dict[str, Any]:
    practice = one.practice_id and {"practice_id": one.practice_id, "name": one.practice_name}
    return {
        "id": one.strategy_id,
        "verdict": one.verdict.value,
        "tier": one.tier,
        "practice": practice,
        "confidence": one.probability,
        "quote": one.quote,
        "finding": one.finding and _finding_json(one.finding),
        "guide_url": one.guide_url,
        "turnaround_practices": list(one.turnaround_practices),
        "reasons": list(one.reasons),
        "question": one.question,
    }


def _finding_json(finding: DecidingFinding) -> Mapping[str, str]:
    return {
        "study_id": str(finding.study_id),
        "finding_id": str(finding.finding_id),
        "outcome_domain": finding.outcome_domain,
        "citation": finding.citation,
    }
