"""The indexed search for names gives what a plain comparison with every name gives."""

import json
import re
from collections import defaultdict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from recommender import paths
from recommender.plan.known_names import NameLists, joined, spelt_words
from recommender.plan.mentions import MIN_MISSPELT_LETTERS, NameTable, _is_broken
from recommender.plan.misspellings import NearNames


class PlainTable(NameTable):
    """Compares every window of words with every name."""

    def __init__(self, *facts):
        super().__init__(*facts)
        self._by_length = defaultdict(list)
        for words, name in sorted(self._names.items()):
            if len("".join(words)) >= MIN_MISSPELT_LETTERS and not name.is_abbreviation:
                self._by_length[len(spelt_words(name))].append(name)
        longer = {words: self._longer(name) for words, name in self._names.items()}
        self._variants = {words: ids for words, ids in longer.items() if ids}

    def _longer(self, name):
        one_word = len(name.words) == 1 and name.words[0] in self._known_words
        if not (name.is_abbreviation or name.is_listed or one_word):
            return ()
        found = set()
        for words, other in self._names.items():
            if len(words) > len(name.words) and words[: len(name.words)] == name.words:
                if name.is_abbreviation and not other.shown.startswith(name.shown):
                    continue
                found |= set(other.practice_ids) - set(name.practice_ids)
        return tuple(sorted(found))

    def _exact(self, text, tokens):
        for first in range(len(tokens)):
            for last in range(first, min(len(tokens), first + self._longest + 2)):
                words = tuple(t[0].lower() for t in tokens[first : last + 1])
                name = self._names.get(words) or self._compact.get("".join(words))
                if name and (mention := self._judge(text, tokens, first, last, name)):
                    yield mention

    def _misspelt(self, text, tokens):
        spelt = joined(text, tokens)
        for length, names in self._by_length.items():
            for first in range(len(spelt) - length + 1):
                part = spelt[first : first + length]
                words = [t[0].lower() for t in part]
                said = text[part[0][1] : part[-1][2]]
                # A first letter is never wrong; this alone takes nine tenths of the time away.
                for name in [n for n in names if n.words[0][0] == words[0][0]]:
                    faults = plain_faults(words, spelt_words(name))
                    if faults and not _is_broken(said, name.shown):
                        yield self._misspelling(text, part, name, faults)


def plain_faults(words, name):
    allowed = min(3, len("".join(name)) // 6)
    total = 0
    for word, right in zip(words, name, strict=True):
        if word == right:
            continue
        if len(word) >= 4 and right in (word + "s", word.removesuffix("s")):
            total += 1
            continue
        if word[0] != right[0] or len(right) < 5 or abs(len(word) - len(right)) > 2:
            return 0
        total += OSA.distance(word, right)
    return total if total <= allowed else 0


def plain_near(said, names):
    windows = [(first, name) for first in range(len(said)) for name in names]
    found = [
        (first, name, plain_faults(said[first : first + len(name)], name))
        for first, name in windows
        if first + len(name) <= len(said)
    ]
    return sorted(entry for entry in found if entry[2])


@pytest.fixture(scope="module")
def statements():
    lines = (paths.corpus_folder() / "judgments" / "strategies.jsonl").read_text("utf-8")
    return [json.loads(line)["text"] for line in lines.splitlines()]


@pytest.fixture(scope="module")
def tables(cards, statements):
    """The table and its plain twin; the statements' own words stand for the collection's."""
    lists = NameLists.read(paths.corpus_folder())
    known = {word for text in statements for word in re.findall(r"\b[a-z]+\b", text)}
    facts = (list(cards.values()), lists.ambiguous, known, lists.generic)
    return NameTable(*facts), PlainTable(*facts)


@pytest.fixture(scope="module")
def shown(tables):
    return sorted(name.shown for name in tables[0]._names.values())


def test_every_labelled_statement_holds_the_same_names(tables, statements):
    table, plain = tables
    found = [table.find(text) for text in statements]
    assert found == [plain.find(text) for text in statements]
    every = [mention for mentions in found for mention in mentions]
    assert any(m.faults for m in every)
    assert any(m.is_weak for m in every)
    assert any(not m.faults for m in every)


def test_the_same_abbreviations_begin_another_name(tables):
    table, plain = tables
    assert plain._variants
    assert table._variants == plain._variants


def test_every_name_is_found_as_the_plain_table_finds_it(tables, shown):
    """Names one after the other: what ends one begins perhaps another."""
    table, plain = tables
    for start in range(0, len(shown), 25):
        text = "; ".join(shown[start : start + 25])
        assert table.find(text) == plain.find(text)


@pytest.mark.parametrize("letters", [MIN_MISSPELT_LETTERS - 1, MIN_MISSPELT_LETTERS, 12, 18])
def test_a_missing_letter_is_forgiven_from_the_same_length_on(tables, letters):
    table, plain = tables
    names = [n for n in table._names.values() if len("".join(n.words)) == letters]
    text = "; ".join(f"{n.shown[:-2]}{n.shown[-1]}" for n in names)
    found = table.find(text)
    assert found == plain.find(text)
    assert any(m.faults for m in found) == (letters >= MIN_MISSPELT_LETTERS)


places = st.floats(0, 1, exclude_max=True)
edits = st.lists(
    st.tuples(st.sampled_from(["cut", "add", "swap", "change", "split", "join"]), places,
              st.sampled_from("aeinrst s-")),
    max_size=5,
)  # fmt: skip


def _mutated(name, changes):
    for kind, place, letter in changes:
        at = int(place * len(name))
        before, here, after = name[:at], name[at : at + 1], name[at + 1 :]
        name = {
            "cut": before + after,
            "add": before + here + letter + after,
            "swap": before + after[:1] + here + after[1:],
            "change": before + letter + after,
            "split": before + " " + here + after,
            "join": name.replace(" ", "", 1),
        }[kind]
    return name


@settings(max_examples=300)
@given(
    st.lists(st.tuples(places, edits), min_size=1, max_size=3),
    st.sampled_from([" ", " and ", ", ", ""]),
    st.sampled_from([str, str.lower, str.upper, str.title]),
)
def test_names_with_wrong_letters_are_found_alike(tables, shown, picked, between, cased):
    table, plain = tables
    said = [_mutated(shown[int(place * len(shown))], changes) for place, changes in picked]
    text = f"The school gives {cased(between.join(said))} to grade 4."
    assert table.find(text) == plain.find(text)


# Two letters only, so that many words are near many others; a third begins some.
word = st.text("ab", min_size=1, max_size=9) | st.text("abc", min_size=4, max_size=8)
names = st.lists(st.lists(word, min_size=1, max_size=3).map(tuple), max_size=6, unique=True)


@settings(max_examples=500)
@given(st.lists(word, max_size=6), names)
@example(["aaaaa"], [("aaaaaa",)])  # one letter in six
@example(["baaaaa"], [("abaaaa",)])  # another first letter is another word
@example(["aaaab"], [("aaaaa",)])  # five letters allow no fault
@example(["aaaabb", "abab"], [("aaaaab", "abaa")])  # four letters allow none in this word
@example(["aaaaaaaa"], [("aaaaaaaaaaa",)])  # three letters shorter
@example(["aaaaaaa"], [("aaaaaaa", "bb")])  # the text ends too soon
@example(["aabbaabbaaaa", "aaaaaaaa"], [("aaaaaaaaaaaa", "aaaaaaab")])  # in all too many
def test_near_names_are_those_of_a_plain_comparison(said, known):
    found = sorted((near.first, near.words, near.faults) for near in NearNames(known).find(said))
    assert found == plain_near(said, known)


def test_the_order_of_names_changes_nothing(tables, shown):
    near = tables[0]._near
    known = [words for entries in near._by_first.values() for words, _ in entries]
    said = ["sucess", "for", "al", "and", "reading", "recovary", "with", "sound", "partmers"]
    assert list(near.find(said)) == list(NearNames(known[::-1]).find(said))
    assert {n.words for n in near.find(said)} >= {("reading", "recovery"), ("sound", "partners")}
