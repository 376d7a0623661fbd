"""Library answers -> the JSON of the outside contract, for command line and HTTP alike."""

from typing import Any

import msgspec

from recommender.evidence.agreement import (
    Comparison,
    agreement,
    agreement_by_version,
    cross_table,
    is_current,
)
from recommender.evidence.rollup import DomainDecision
from recommender.evidence.rules import RULES
from recommender.index.catalogue import Card, DecidedFinding, EvidenceFile
from recommender.index.store import Manifest
from recommender.records import Finding, Review, Study
from recommender.search.explain import Recommendation
from recommender.search.recommender import Answer


def index_json(manifest: Manifest) -> dict[str, Any]:
    """Return what identifies the index behind an answer."""
    return {
        "built_at": manifest.built_at.isoformat(),
        "evidence_date": manifest.evidence_date,
        "corpus_sha256": manifest.corpus_sha256,
        "build_id": manifest.build_id,
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer of `POST /v1/recommendations`."""
    return {
        "results": [recommendation_json(result) for result in answer.results],
        "no_good_match": answer.no_good_match,
        "index": index_json(answer.index),
    }


def recommendation_json(result: Recommendation) -> dict[str, Any]:
    """Return one ranked practice."""
    body: dict[str, Any] = _plain(result)
    return body


def card_json(card: Card) -> dict[str, Any]:
    """Return one practice in short, as lists show it."""
    practice, profile = card.practice, card.profile
    return {
        "practice_id": practice.practice_id,
        "name": practice.name,
        "kind": practice.kind.value,
        "tier": practice.tier,
        "tier_source": practice.tier_source.value,
        "tier_confirmed": practice.tier_confirmed,
        "published_tier": practice.published_tier,
        "family": profile.family if profile else None,
        "family_name": card.family_name,
        "summary": profile.summary if profile else None,
        "turnaround_practices": list(profile.turnaround_practices) if profile else [],
        "grades": list(practice.sample.grades),
        "outcome_domains": [domain.outcome_domain for domain in practice.domains],
        "findings": _plain(practice.counts),
        "studies": practice.studies,
        "postsecondary_only": practice.postsecondary_only,
        "url": practice.url,
    }


def practice_json(card: Card, evidence: EvidenceFile) -> dict[str, Any]:
    """Return one practice with its profile, its domains and every finding's tests."""
    practice = card.practice
    return card_json(card) | {
        "profile": _plain(card.profile) if card.profile else None,
        "domains": [domain_json(domain) for domain in practice.domains],
        "sample": _plain(practice.sample),
        "flags": [flag.value for flag in practice.flags],
        "siblings": list(practice.siblings),
        "is_umbrella": practice.is_umbrella,
        "guide": _plain(practice.guide) if practice.guide else None,
        "evidence": findings_json(evidence),
    }


def domain_json(domain: DomainDecision) -> dict[str, Any]:
    """Return what is claimed about one outcome domain."""
    body: dict[str, Any] = _plain(domain)
    return body


def findings_json(evidence: EvidenceFile) -> list[dict[str, Any]]:
    """Return every finding with its review, its study and the tests of our rules."""
    reviews = {review.review_id: review for review in evidence.reviews}
    studies = {study.study_id: study for study in evidence.studies}
    rows = []
    for detail in evidence.findings:
        review = reviews[detail.finding.review_id]
        rows.append(_finding_row(detail, review, studies[review.study_id]))
    return rows


def _finding_row(detail: DecidedFinding, review: Review, study: Study) -> dict[str, Any]:
    finding: Finding = detail.finding
    return {
        **_plain(finding),
        "study": _plain(study),
        "review": _plain(review),
        "derived_tier": detail.decision.tier,
        "tests": [
            {
                "test": result.test.value,
                "asks": RULES[result.test].asks,
                "passed": result.passed,
                "seen": result.seen,
                "source": RULES[result.test].source,
            }
            for result in detail.decision.tests
        ],
    }


def agreement_json(rows: tuple[Comparison, ...]) -> dict[str, Any]:
    """Return derived against published tiers; differences one by one."""
    whole = agreement(rows)
    current = agreement([row for row in rows if is_current(row)])
    return {
        "findings": whole.findings,
        "agreement": whole.share,
        "agreement_2_1_to_4_1": current.share,
        "findings_2_1_to_4_1": current.findings,
        "by_standards_version": {
            version: {"findings": found.findings, "agree": found.agree, "agreement": found.share}
            for version, found in agreement_by_version(rows).items()
        },
        "cross_table": [
            {"published": published, "derived": derived, "findings": count}
            for (published, derived), count in sorted(
                cross_table(rows).items(), key=lambda e: (e[0][0] or 9, e[0][1] or 9)
            )
        ],
        "differences": [_plain(row) for row in rows if row.published != row.derived],
    }


def _plain(record: Any) -> Any:
    return msgspec.to_builtins(record)
