"""The order in which a person should look at things."""

import pytest

from recommender.audit.queue import Risk, queue_items
from tests.unit.audit.records import failed, record, strategy

REVIEW = strategy("needs_review", confidence=0.7)
MEETS = strategy("meets", confidence=0.99, tier=1)
BARELY = strategy("meets", confidence=0.82, tier=1)
NOTHING = strategy("no_evidence_found")


@pytest.mark.parametrize(
    ("strategies", "verdict", "expected"),
    [
        ((REVIEW, NOTHING), "needs_review", [(Risk.DECIDES_ALONE, 0)]),
        ((REVIEW, REVIEW), "needs_review", [(Risk.ONE_OF_FEW, 0), (Risk.ONE_OF_FEW, 1)]),
        ((MEETS, REVIEW), "meets", [(Risk.CHANGES_NOTHING, 1)]),
        # under section 1003 each has to meet, so the one in review decides
        ((MEETS, REVIEW), "needs_review", [(Risk.DECIDES_ALONE, 1)]),
        # and where another one fails, it decides nothing
        ((NOTHING, REVIEW), "does_not_meet", [(Risk.CHANGES_NOTHING, 1)]),
        ((BARELY, NOTHING), "meets", [(Risk.MEETS_BARELY, 0)]),
        ((BARELY, MEETS), "meets", []),
        ((MEETS,), "meets", []),
        ((NOTHING,), "does_not_meet", []),
    ],
)
def test_risk(strategies, verdict, expected):
    found = queue_items(record("a", *strategies, verdict=verdict))
    assert [(item.risk, item.position) for item in found] == expected


def test_order_is_risk_then_distance_then_file_then_place():
    near = strategy(confidence=0.78)
    unknown = strategy(confidence=None)
    items = [
        *queue_items(record("z", near)),
        *queue_items(record("b", REVIEW)),
        *queue_items(record("a", REVIEW)),
        *queue_items(record("m", unknown)),
        *queue_items(record("c", near, near)),
        *queue_items(failed("x")),
    ]
    shown = [(item.file, item.position) for item in sorted(items)]
    # no probability is the least that can be known, but nothing says that it is near
    assert shown == [("z", 0), ("a", 0), ("b", 0), ("m", 0), ("c", 0), ("c", 1)]
