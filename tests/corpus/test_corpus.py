"""Every corpus file: counts, first and last record, hash of the source, links between files."""

import hashlib
from pathlib import Path

import pytest

from recommender.corpus import corpus_digest
from recommender.errors import BadCorpus
from recommender.evidence.agreement import agreement, compare_tiers, is_current
from recommender.evidence.tiers import decide_findings
from recommender.index.documents import plain_name
from recommender.ingest.corpus_files import TABLES, encode_table, read_evidence
from recommender.ingest.profiles import read_families, read_profiles
from recommender.plan.cutting import joined, joined_names

ROOT = Path(__file__).resolve().parents[2] / "corpus"

EXPORT_SHA256 = "137c391b2ce66569ca848ee683979de06a0e8705e6e67714c5bb4655ba2b59bc"

LAST_I = (
    5294,
    "Asynchronous online professional development for middle school mathematics "
    "– Copur-Gencturk et al. (2024)",
)
LAST_F, LAST_S, LAST_R, LAST_RR = (87088, None), 94680, 1918305, 2151


def test_the_source_is_the_export_that_was_read(corpus):
    source = corpus.sources.wwc_export
    assert (source.sha256, source.date) == (EXPORT_SHA256, "2025-08-25")


@pytest.mark.parametrize(
    ("table", "count", "first", "last"),
    [
        ("interventions", 1035, (1, "Cooperative Integrated Reading and Composition (CIRC)"), None),
        ("studies", 1601, None, None),
        ("reviews", 1904, None, None),
        ("report_ratings", 464, None, None),
        ("findings", 13023, (1, 50931), None),
    ],
)
def test_counts_and_first_record(corpus, table, count, first, last):
    records = getattr(corpus.evidence, table)
    assert len(records) == count == corpus.sources.wwc_export.counts[table]
    if table == "interventions":
        assert (records[0].intervention_id, records[0].name) == first
    if table == "findings":
        assert (records[0].finding_id, records[0].review_id) == first


def test_last_records(corpus):
    evidence = corpus.evidence
    assert (evidence.interventions[-1].intervention_id, evidence.interventions[-1].name) == LAST_I
    assert (evidence.findings[-1].finding_id, evidence.findings[-1].published_tier) == LAST_F
    assert evidence.studies[-1].study_id == LAST_S
    assert evidence.reviews[-1].review_id == LAST_R
    assert evidence.report_ratings[-1].intervention_id == LAST_RR


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_sorted_and_written_in_one_way(corpus, table):
    text = (ROOT / "evidence" / f"{table}.csv").read_text("utf-8")
    assert encode_table(TABLES[table], getattr(corpus.evidence, table)) == text


def test_guides(corpus):
    assert len(corpus.guides) == 133
    assert corpus.guides[0].practice_id == "wwc-practice-guide:1/1"
    assert corpus.guides[-1].practice_id == "wwc-practice-guide:31/7"
    assert sum(g.level_verified for g in corpus.guides) == 95
    assert sum(g.level is None for g in corpus.guides) == 7


def test_no_prose_of_the_export_is_kept(corpus):
    header = (ROOT / "evidence" / "findings.csv").read_text("utf-8").splitlines()[0]
    assert "description" not in header
    assert "reason" not in (ROOT / "evidence" / "reviews.csv").read_text("utf-8").splitlines()[0]


def test_derived_tiers_agree_with_the_published_ones(corpus):
    reviews = {r.review_id: r for r in corpus.evidence.reviews}
    findings = corpus.evidence.findings
    rows = compare_tiers(findings, reviews, decide_findings(findings, reviews))
    assert agreement(rows).share >= 0.991
    assert agreement(row for row in rows if is_current(row)).share >= 0.998
    different = [row for row in rows if row.published != row.derived]
    assert len(different) == 106
    assert all(row.cause for row in different)
    # Never tier 1 or 2 where the WWC gives none, never better than the WWC's own.
    assert not [r for r in different if r.published is None and r.derived in (1, 2)]
    assert not [r for r in different if r.published and r.derived and r.derived < r.published]


def test_headline_tiers_of_practices_studied_in_schools(cards):
    practices = [c.practice for c in cards.values() if not c.practice.postsecondary_only]
    interventions = [p for p in practices if p.guide is None]
    assert len(interventions) == 884
    assert len(practices) - len(interventions) == 133
    best = [p.published_tier for p in interventions]
    assert [best.count(t) for t in (1, 2, 3)] == [132, 79, 243]


def test_every_searchable_practice_has_one_profile(corpus, cards):
    searchable = {i for i, c in cards.items() if not c.practice.postsecondary_only}
    assert {p.practice_id for p in corpus.profiles} == searchable


def test_profiles_carry_the_name_of_their_record(corpus, cards):
    for profile in corpus.profiles:
        practice = cards[profile.practice_id].practice
        if practice.guide is None:
            assert " ".join(profile.name.split()) == practice.name, profile.practice_id


def test_an_alias_names_one_programme(corpus, cards):
    """An alias is unique, or its owners are siblings or told apart by `not_to_be_confused_with`."""
    owners: dict[str, set[str]] = {}
    for profile in corpus.profiles:
        for alias in profile.aliases:
            owners.setdefault(alias.lower(), set()).add(profile.practice_id)
    for practice in (c.practice for c in cards.values() if c.practice.guide is None):
        name = plain_name(practice.name).lower()
        if name in owners:
            owners[name].add(practice.practice_id)
    shared = {a: ids for a, ids in owners.items() if len(ids) > 1 and not _kin(ids, cards)}
    lists = ("ambiguous_aliases.txt", "generic_names.txt")
    declared = {line for name in lists for line in (ROOT / name).read_text("utf-8").splitlines()}
    assert set(shared) <= declared, {a: ids for a, ids in shared.items() if a not in declared}


def test_names_that_an_and_would_part_are_listed(cards):
    own = [card for card in cards.values() if card.practice.guide is None]
    known = [n for c in own if c.profile for n in (c.profile.name, *c.profile.aliases)]
    known += [c.practice.name for c in own]
    parted = {name for each in known if (name := joined(plain_name(each)))}
    assert parted == set(joined_names())


def _kin(ids, cards):
    first, *others = sorted(ids)
    return set(others) <= set(cards[first].practice.siblings)


def test_no_cause_stands_twice(corpus):
    causes = [c.lower() for p in corpus.profiles for c in p.causes]
    assert len(causes) == len(set(causes))


def test_no_alias_is_also_a_look_alike(corpus):
    for profile in corpus.profiles:
        both = {a.lower() for a in profile.aliases} & {
            n.lower() for n in profile.not_to_be_confused_with
        }
        assert not both, (profile.practice_id, both)


def test_families_are_a_list_of_about_a_hundred(corpus):
    assert 100 <= len(corpus.families) <= 150
    assert all(f.definition.endswith(".") for f in corpus.families)


GOOD = """- practice_id: wwc-intervention:1
  name: Sample
  family: peer-tutoring
  basis: study record only
  summary: Children tutor children.
  causes: [one cause of this, another cause of that, a third cause here]
  aliases: []
  not_to_be_confused_with: []
  turnaround_practices: {primary: 3, secondary: [], reason: help}
  delivery: {}
  takes: {staff: a, training: b, materials: c, schedule: d, money: low}
  watch_for: []
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Children tutor children.", "word " * 61, "summary has 61 words, at most 60"),
        (", a third cause here", "", "2 causes, expected 3 to 6"),
        ("peer-tutoring", "tutoring", "family 'tutoring' is not in families.yaml"),
        ("secondary: []", "secondary: [3]", "primary turnaround practice repeated as secondary"),
        ("money: low", "money: $300", "Invalid enum value '$300' - at `$[0].takes.money`"),
        ("children.", "children, see www.sample.test", "a web address, mail address or price in"),
        ("children.", "children for $30", "a web address, mail address or price in"),
        ("study record only", "guess", "Invalid enum value 'guess' - at `$[0].basis`"),
        ("  delivery: {}\n", "", "Object missing required field `delivery` - at `$[0]`"),
        ("- practice_id", "- price: 3\n  practice_id", "Object contains unknown field `price`"),
        ("- practice_id", "- [practice_id", "not valid YAML"),
    ],
)
def test_bad_profiles_say_where_and_what(tmp_path, corpus, old, new, message):
    text = GOOD.replace(old, new)
    assert text != GOOD
    (tmp_path / "sample.yaml").write_text(text)
    with pytest.raises(BadCorpus) as caught:
        read_profiles(tmp_path, corpus.families)
    assert message in str(caught.value)


def test_a_good_profile_is_read(tmp_path, corpus):
    (tmp_path / "sample.yaml").write_text(GOOD)
    assert read_profiles(tmp_path, corpus.families)[0].turnaround_practices == (3,)


def test_a_family_that_comes_twice_is_refused(tmp_path):
    (tmp_path / "f.yaml").write_text("- {id: a, name: A, definition: d.}\n" * 2)
    with pytest.raises(BadCorpus, match="family a comes twice"):
        read_families(tmp_path / "f.yaml")


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("findings", lambda t: t.replace("finding_id", "id", 1), "line 1: found columns"),
        ("findings", lambda t: t.replace("\n2,", "\nx,", 1), "line 3: Expected `int`"),
        ("studies", lambda t: t + "1,2\n", "2 cells, expected 6"),
        ("interventions", lambda t: "\n".join(t.splitlines()[:5]) + "\n", "leads nowhere"),
    ],
)
def test_a_damaged_table_is_named(tmp_path, table, change, message):
    for name in TABLES:
        text = (ROOT / "evidence" / f"{name}.csv").read_text("utf-8")
        (tmp_path / f"{name}.csv").write_text(change(text) if name == table else text)
    with pytest.raises(BadCorpus) as caught:
        read_evidence(tmp_path)
    assert message in str(caught.value)


def test_the_digest_follows_content_and_names(tmp_path):
    (tmp_path / "a.yaml").write_text("1")
    first = corpus_digest(tmp_path)
    (tmp_path / "a.yaml").write_text("2")
    second = corpus_digest(tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    assert len({first, second, corpus_digest(tmp_path)}) == 3
    assert len(first) == len(hashlib.sha256().hexdigest())
