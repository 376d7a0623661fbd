from recommender.search.evidence_map import GRADE_BANDS, evidence_map


def test_every_area_and_band_has_a_row_even_where_there_is_nothing(corpus, cards):
    rows = evidence_map(list(cards.values()), corpus.areas)
    whole = [(row.area, row.grade_band) for row in rows if row.outcome_domain is None]
    assert whole == [(area.name, band) for area in corpus.areas for band in GRADE_BANDS]


def test_counts_agree_with_a_plain_count(corpus, cards):
    rows = evidence_map(list(cards.values()), corpus.areas)
    (row,) = [r for r in rows if r.outcome_domain == "Alphabetics" and r.grade_band == "K-2"]
    tiers = []
    for card in cards.values():
        domain = {d.outcome_domain: d for d in card.practice.domains}.get("Alphabetics")
        if domain is None or not {"K", "1", "2"} & set(card.practice.sample.grades):
            continue
        samples = dict(card.practice.samples)
        found = [
            c.tier for c in domain.counted if {"K", "1", "2"} & set(samples[c.review_id].grades)
        ]
        tiers.append(min(found, default=None) if domain.tier else None)
    assert (row.tier_1, row.tier_2, row.tier_3, row.studied_without_tier) == (
        tiers.count(1), tiers.count(2), tiers.count(3), tiers.count(None)
    )  # fmt: skip
    assert row.total == len(tiers) > 20


def test_an_area_never_counts_a_practice_twice(corpus, cards):
    rows = evidence_map(list(cards.values()), corpus.areas)
    for area in corpus.areas:
        whole = next(r for r in rows if r.area == area.name and r.grade_band == "3-5")
        parts = [
            r for r in rows if r.area == area.name and r.grade_band == "3-5" and r.outcome_domain
        ]
        assert whole.total <= sum(part.total for part in parts)
        assert whole.total >= max((part.total for part in parts), default=0)
