"""Words on a page -> lines, columns, paragraphs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.plan.readers.pdf_layout import Word, join_lines, paragraphs_of


def line(text, left, top, size=10.0, bold=False):
    words = []
    for part in text.split():
        words.append(Word(part, left, left + 5 * len(part), top, top + size, size, bold))
        left += 5 * len(part) + 3
    return words


def page(*lines):
    return [word for given in lines for word in line(*given)]


def texts(words):
    return [paragraph.text for paragraph in paragraphs_of(words, frozenset())]


def test_a_gap_ends_a_paragraph():
    words = page(("first line of", 60, 100), ("the one", 60, 112), ("another one here", 60, 140))
    assert texts(words) == ["first line of the one", "another one here"]


def test_columns_after_lines_over_the_full_width():
    words = page(
        ("a line that goes over all of the page and crosses the gutter with its words", 60, 76),
        ("left one is here", 60, 100), ("right one is here", 300, 106),
        ("left two is here", 60, 112), ("right two is here", 300, 118),
        ("left three is here", 60, 124), ("right three is here", 300, 130),
        ("another line that goes over all of the page and crosses it once more too", 60, 154),
    )  # fmt: skip
    assert [text[:20] for text in texts(words)] == [
        "a line that goes ove", "left one is here lef", "right one is here ri",
        "another line that go",
    ]  # fmt: skip


def test_labels_beside_values_are_no_columns():
    words = page(
        ("Goal", 60, 100), ("raise reading in grade three", 200, 100),
        ("Lead", 60, 112), ("the principal of the school", 200, 112),
        ("When", 60, 124), ("from May to June", 200, 124),
    )  # fmt: skip
    assert texts(words) == [
        "Goal raise reading in grade three", "Lead the principal of the school",
        "When from May to June",
    ]  # fmt: skip


def test_headings_are_larger_or_bold_and_short():
    title, bold, body = paragraphs_of(
        page(("Our goal", 60, 50, 16.0), ("Reading first", 60, 90, 10.0, True), ("text", 60, 120)),
        frozenset(),
    )
    assert [p.is_heading(10.0) for p in (title, bold, body)] == [True, True, False]


@pytest.mark.parametrize(
    ("lines", "known", "expected"),
    [
        (["evidence-", "based steps"], (), "evidence-based steps"),
        (["instruc-", "tion, daily"], ("instruction",), "instruction, daily"),
        (["soft\u00ad", "ened"], (), "softened"),
        (["K-", "5 schools"], (), "K- 5 schools"),
        (["two", "lines"], (), "two lines"),
        ([], (), ""),
    ],
)
def test_join_lines(lines, known, expected):
    assert join_lines(lines, frozenset(known)) == expected


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "be", "cat"]), st.integers(0, 500), st.integers(0, 40)),
        max_size=30,
    )
)
def test_no_word_is_lost_or_doubled(placed):
    words = page(*((text, left, 12 * row) for text, left, row in placed))
    found = " ".join(texts(words)).split()
    assert sorted(found) == sorted(word.text for word in words)


def test_sentences_line_by_line_are_paragraphs_without_any_gap_or_bullet():
    words = page(
        ("Adopt the program with grade one readers who fall behind", 60, 100),
        ("Hold a family night every month", 60, 112),
        ("Train all teachers in the routine of the program", 60, 124),
    )  # fmt: skip
    assert texts(words) == [
        "Adopt the program with grade one readers who fall behind",
        "Hold a family night every month",
        "Train all teachers in the routine of the program",
    ]


def test_a_name_at_the_start_of_a_line_ends_no_sentence():
    words = page(
        ("Students who read below their grade will work in", 60, 100),
        ("Reading Recovery every day with a teacher who", 60, 112),
        ("is trained, and their families read at home with", 60, 124),
        ("them on the days", 60, 136),
    )  # fmt: skip
    assert len(texts(words)) == 1
