import shutil
from datetime import UTC, datetime

import pytest

from recommender.errors import BadIndex
from recommender.index.build import Build, is_current
from recommender.index.documents import plain_name, study_title
from recommender.index.store import FORMAT, POINTER, current_build, load_index
from tests.conftest import WordEncoder

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def copy(word_indexes, tmp_path):
    shutil.copytree(word_indexes, tmp_path / "indexes")
    return tmp_path / "indexes"


def test_no_index_says_what_to_do(tmp_path):
    with pytest.raises(BadIndex, match="no index yet; run `recommender build`"):
        load_index(tmp_path)


@pytest.mark.parametrize(
    "part", ["passages.jsonl", "dense.faiss", "catalogue.sqlite", "areas.json"]
)
def test_a_missing_part_is_named(copy, part):
    (current_build(copy).folder / part).unlink()
    with pytest.raises(BadIndex, match="recommender build"):
        load_index(copy)


def test_an_older_format_is_refused(copy):
    manifest = current_build(copy).manifest
    manifest.write_bytes(
        manifest.read_bytes().replace(f'"format":{FORMAT}'.encode(), b'"format":1')
    )
    with pytest.raises(BadIndex, match=f"format 1, this version reads {FORMAT}"):
        load_index(copy)


def test_counts_must_agree(copy):
    manifest = current_build(copy).manifest
    manifest.write_bytes(manifest.read_bytes().replace(b'"practices":1168', b'"practices":1167'))
    with pytest.raises(BadIndex, match="practices, passages and vectors are"):
        load_index(copy)


def test_an_interrupted_build_leaves_the_old_index(copy, corpus):
    class Stops(WordEncoder):
        def encode(self, texts, progress=None):
            raise KeyboardInterrupt

    before = (copy / POINTER).read_text()
    task = Build(corpus, "other")
    with pytest.raises(KeyboardInterrupt):
        task.run(copy, Stops(), NOW)
    assert (copy / POINTER).read_text() == before
    assert load_index(copy).manifest.model == "words"
    assert not list(copy.glob(".building-*"))


def test_the_same_corpus_gives_the_same_build(corpus, word_indexes):
    task = Build(corpus, "words")
    assert is_current(word_indexes, task.build_id)
    assert not is_current(word_indexes, Build(corpus, "other").build_id)


def test_a_forced_build_takes_the_place_of_a_damaged_one(copy, corpus):
    (current_build(copy).folder / "dense.faiss").unlink()
    Build(corpus, "words").run(copy, WordEncoder(), NOW)
    assert load_index(copy).manifest.practices == 1168


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Reading Recovery®", "Reading Recovery"),
        ("Computer-generated immediate feedback - Fyfe et al., (2016)",
         "Computer-generated immediate feedback"),
        ("Small group reading intervention—Case et al. (2010)", "Small group reading intervention"),
        ("Reading intervention (Barth & Elleman (2017))", "Reading intervention"),
        ("P-TECH 9-14", "P-TECH 9-14"),
        ("Positive Behavioral Interventions and Supports (PBIS)",
         "Positive Behavioral Interventions and Supports (PBIS)"),
    ],
)  # fmt: skip
def test_plain_names(name, plain):
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("citation", "title"),
    [
        ("Writer, A. (2015). A study of words. Journal of Samples, 3.", "A study of words"),
        ("Writer, A., & B. (n.d.). What works? Journal.", "What works"),
        ("No year. A title.", None),
    ],
)
def test_study_titles(citation, title):
    assert study_title(citation) == title
