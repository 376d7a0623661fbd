"""What is read as a strategy: every sample plan by hand, and the laws of any plan."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from recommender.plan.extract import extract
from recommender.plan.grade_spans import parse
from recommender.plan.readers import Block, BlockKind, Place, PlanText, read_plan_here
from recommender.plan.school_grades import HEAD_BLOCKS, stated_grades
from recommender.plan.sections import practice_number

PLANS = Path(__file__).parents[2] / "fixtures" / "plans"
TURNAROUND = [
    (1, "Instructional leadership team reviews classroom data every two weeks"),
    (1, "Common planning time of 90 minutes a week for each grade-level team"),
    (2, "Adopt HQIM for mathematics in grades 3-5 with coaching in every unit"),
    (3, "High-dosage tutoring in reading, three sessions of 30 minutes a week"),
    (3, "Check-In/Check-Out (CICO) for students with Tier 2 behavior needs"),
    (4, "Weekly family phone calls in home languages about attendance"),
]
FORM = ["Restorative circles in advisory", "Restorative practices, one circle a week in grades 6-8"]
GRID = ["Double-dose algebra for grade 8", "Math lab twice a week with a tutor"]
CSV = [
    "Repeated reading, 15 minutes a day",
    "Peer-assisted learning strategies (PALS)",
    "Morning meeting in every homeroom",
]
BY_HAND = {
    "awkward.docx": [
        "We will use structured phonics lessons.",
        "Mentoring for new teachers",  # a strategy although it stands under the root causes
        "Decoding groups of four Daily, 25 minutes",  # the second line only says how often
        "Repeated reading with feedback",
    ],
    "body.json": ["Small-group phonics, 30 minutes a day", "Weekly coaching for new teachers"],
    "columns.pdf": [
        "A liaison calls each family on the first day of absence.",
        "A mentor meets each absent student twice a week.",
    ],
    "form.docx": FORM,
    "form.pdf": ["Cross-age reading buddies"],
    "grid.csv": CSV,
    "grid.xlsx": GRID,
    "macro.docm": FORM,
    "macro.xlsm": GRID,
    "part_scanned.pdf": ["Tutoring in mathematics for grades 6 and 7, four times a week."],
    "plain.txt": [
        "An early warning team meets every second week and assigns each student to an adult "
        "who follows up within three days.",
        "Freshman seminar with study skills",
        "Co-taught algebra sections for students with disabilities",
    ],
    "semicolons.csv": CSV,
    "slides.pptx": [
        "Nudge letters to families every month",
        "Mentor for each absent student",
        "Home visits",
    ],
    "table.pdf": [
        "Self-regulated strategy development (SRSD) in grades 4-6",
        "Shared rubric",
        "Portfolios",
    ],
    "tabs.tsv": CSV,
    "turnaround.docx": [text for _, text in TURNAROUND],
}


def plan(*blocks, unreadable=(), strategies=()):
    return PlanText("plan.docx", "docx", blocks, unreadable, strategies=strategies)


def bullet(text, section=None):
    return Block(text, Place(paragraph=1, section=section), BlockKind.LIST_ITEM)


def cell(text, header, row=2):
    return Block(text, Place(table=1, row=row, header=header), BlockKind.TABLE_CELL)


def heading(text):
    return Block(text, Place(paragraph=1), BlockKind.HEADING)


def texts(*blocks):
    return [strategy.text for strategy in extract(plan(*blocks)).strategies]


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_sample_plans_give_the_strategies_found_by_hand(name):
    found = extract(read_plan_here(PLANS / name)).strategies
    assert [strategy.text for strategy in found] == BY_HAND[name]


def test_places_practices_and_grades_of_a_turnaround_plan():
    found = extract(read_plan_here(PLANS / "turnaround.docx"))
    assert [(s.turnaround_practice, s.text) for s in found.strategies] == TURNAROUND
    assert found.strategies[4].place == "table 3, row 3, column 'Strategy'"
    assert found.grades == ("K", "1", "2", "3", "4", "5")


def test_json_plans_keep_their_ids():
    found = extract(plan(bullet("Tutoring"), strategies=(("my-id", "Tutoring"),)))
    assert [(s.id, s.text, s.place) for s in found.strategies] == [
        ("my-id", "Tutoring", "paragraph 1")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use i-Ready, Lexia Core5, and ST Math daily",
         ["Use i-Ready", "Lexia Core5", "ST Math daily"]),
        ("Implement Fundations and Heggerty", ["Implement Fundations", "Heggerty"]),
        ("Train staff in LETRS; coach new teachers; launch a team",
         ["Train staff in LETRS", "coach new teachers", "launch a team"]),
        ("Adopt a series; with coaching", ["Adopt a series; with coaching"]),  # goes on
        ("Screen all in K; those at risk are checked weekly",
         ["Screen all in K; those at risk are checked weekly"]),
        ("Use Core5; Sound Partners in K", ["Use Core5", "Sound Partners in K"]),
        ("• Home visits\n• Family nights", ["Home visits", "Family nights"]),
        ("Tutoring (mornings; afternoons)", ["Tutoring (mornings; afternoons)"]),
        ("Reading and Writing Workshop", ["Reading and Writing Workshop"]),
        ("Use data from MCAS, DIBELS and MAP", ["Use data from MCAS, DIBELS and MAP"]),
        ("Implement Check and Connect for 60 students",  # a name that holds an `and`
         ["Implement Check and Connect for 60 students"]),
        ("Use Check and Connect and Read 180 in grade 9",
         ["Use Check and Connect", "Read 180 in grade 9"]),
        ("Math Coach and Principal will visit classes",  # persons, not programmes
         ["Math Coach and Principal will visit classes"]),
        ("Tutoring in grades 4 and 5", ["Tutoring in grades 4 and 5"]),
    ],
)  # fmt: skip
def test_a_line_becomes_as_many_strategies_as_it_names(text, expected):
    assert texts(cell(text, "Strategy")) == expected
    assert texts(bullet(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "By June 2027, 60% of students will meet expectations",
        "Reduce chronic absence from 28% to 18%",
        "As measured by DIBELS",
        "42% of grade 3 students scored below benchmark",
        "Root cause: students lack fluency",
        "Teachers do not share a rubric",
        "Our mission is to serve every child",
        "Timeline: September to June",
        "September 2025 to June 2026",
        "Jane Doe, Principal",
        "Actions:",
        "N/A",
    ],
)
def test_goals_measures_data_causes_and_boilerplate_are_no_strategies(text):
    assert texts(bullet(text)) == []


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        *(("Action steps", True), ("Key activity", True), ("Initiative", True)),
        *(("Evidence-based strategy", True), ("Intervention", True), ("Evidence", False)),
        *(("Evidence of strategy use", False), ("Person responsible", False)),
        *(("Goal", False), ("Root cause", False), ("Budget", False), ("Timeline", False)),
    ],
)
def test_columns_decide(header, kept):
    assert bool(texts(cell("Reading buddies in homeroom", header))) is kept


def test_practice_goes_on_under_sub_headings_and_ends_with_the_plan_level():
    blocks = [
        bullet("Reading buddies", "Turnaround Practice 2: Instruction"),
        bullet("Family nights", "Strategies"),
        bullet("We will offer child care", "Anticipated challenges"),
    ]
    assert [s.turnaround_practice for s in extract(plan(*blocks)).strategies] == [2, 2, None]


def test_a_row_names_its_own_practice():
    found = extract(plan(cell("TP 4", "Turnaround practice"), cell("Home visits", "Strategy")))
    assert [s.turnaround_practice for s in found.strategies] == [4]


def test_practices_are_known_by_the_names_of_the_corpus():
    path = PLANS.parents[2] / "corpus" / "turnaround_practices.yaml"
    for practice in yaml.safe_load(path.read_text()):
        assert practice_number(practice["name"]) == practice["practice"]


def test_sections_are_found_or_not_found_with_their_place():
    names = ["Three-Year Roadmap", "Implementation considerations", "Anticipated Challenges"]
    sections = extract(plan(*map(heading, names))).sections
    assert [s.name for s in sections if s.found] == [name.lower() for name in names]
    assert [s.place for s in sections] == ["paragraph 1"] * 3 + [None] * 3


def test_three_years_as_headings_are_a_roadmap():
    years = [heading("Year One"), heading("Year 2"), heading("year three")]
    assert extract(plan(*years)).sections[0].found
    assert not extract(plan(*years[:2])).sections[0].found


def test_what_was_not_found_is_said():
    notes = extract(plan(heading("Our plan"), unreadable=("page 2: no text",))).notes
    assert notes[0] == "page 2: no text"
    assert notes[1].startswith("no strategies found")
    assert notes[2].startswith("sections not found: three-year roadmap")


def test_what_ends_is_noted_and_is_no_strategy():
    found = extract(read_plan_here(PLANS / "plain.txt"))
    assert any("says what ends" in note for note in found.notes)


VOCABULARY = (
    "We will use PBIS and Lexia , ; Implement tutoring ( ) • 1. By June 60% of students . \n daily"
    " Strategy Goal 2: because year One Turnaround Practice 3"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
LINES = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40)
NAMES = st.none() | st.sampled_from(["Strategy", "Goal", "Lead", "Turnaround Practice 3", "Year 1"])
PLACES = st.builds(
    Place, row=st.none() | st.integers(1, 3), header=NAMES, section=NAMES, label=NAMES
)
BLOCKS = st.lists(st.builds(Block, LINES, PLACES, st.sampled_from(BlockKind)), max_size=6)


@given(BLOCKS)
def test_every_strategy_is_in_the_words_of_a_block_at_its_place(blocks):
    found = extract(plan(*blocks))
    said = [(str(block.place), " ".join(block.text.split())) for block in blocks]
    for strategy in found.strategies:
        assert strategy.text.strip()
        assert any(p == strategy.place and strategy.text in words for p, words in said)
    assert [s.id for s in found.strategies] == [f"s{n + 1}" for n in range(len(found.strategies))]
    assert extract(plan(*blocks)) == found


@given(BLOCKS)
def test_a_plan_made_of_more_blocks_keeps_the_strategies_of_its_first(blocks):
    some = [s.text for s in extract(plan(*blocks[:3])).strategies]
    assert [s.text for s in extract(plan(*blocks)).strategies][: len(some)] == some


@pytest.mark.parametrize(
    "text", ["-" * 50_000, "A" * 50_000, "1% " * 20_000, "A, " * 20_000, "Ab Cd, " * 9_000]
)
def test_hostile_text_takes_no_longer_than_its_length(text):
    extract(plan(bullet(text), cell(text, "Strategy")))


@pytest.mark.parametrize(
    ("line", "grades"),
    [
        ("Grades: K-2", ("K", "1", "2")),
        ("School grades: 6-8", ("6", "7", "8")),
        ("Maple School improvement plan. Grades: 6-8", ("6", "7", "8")),
        ("Grades served: K, 1, 2", ("K", "1", "2")),  # a list, not only its first
        ("Maple Elementary School (Grades 3-5)", ("3", "4", "5")),
        ("Elementary school, grades K-5", ("K", "1", "2", "3", "4", "5")),
        ("School improvement plan, high school grades 9-12", ("9", "10", "11", "12")),
        ("Tutors for the middle school, grades 6-8", ()),
        ("Grade 4 teachers will plan together weekly", ()),  # says nothing of the school
    ],
)
def test_grades_of_the_school_are_read(line, grades):
    block = Block(line, Place(), BlockKind.PARAGRAPH)
    assert stated_grades((block,)) == grades


def test_grades_of_one_strategy_are_not_the_schools():
    title = [heading("Our plan"), heading("Goals"), heading("Reading"), heading("Strategies")]
    assert stated_grades((*title, bullet("Reading groups daily. Grades: 1-2"))) == ()


@pytest.mark.parametrize(
    ("lines", "grades"),
    [
        (["Elm Hill School", "Gr. 3-5 | Main Street"], "3 4 5"),
        (["Elm Hill School", "We are a K-2 school of 300 children."], "K 1 2"),
        (["Elm Hill School", "Our kindergarten through fifth grade students"], "K 1 2 3 4 5"),
        (["Elm Hill", "It is the only school in town, for students in grades 5 to 8."], "5 6 7 8"),
        (["Elm Hill School", "Elm Hill is part of a PK-12 district of five schools."], ""),
        (["Elm Hill School", "In grades 3-5, 41% met expectations."], ""),
        (["Elm Hill School", "Our sixth graders come from two K-5 schools."], ""),
        (["Elm Hill School", "Grade span 09-12"], "9 10 11 12"),
    ],
)
def test_grades_in_words_of_the_head(lines, grades):
    blocks = [Block(line, Place(paragraph=1), BlockKind.PARAGRAPH) for line in lines]
    assert stated_grades(blocks) == tuple(grades.split())


def test_grades_in_cells_beside_and_under_their_labels():
    def at(text, row, column, header=None, label=None):
        place = Place(table=1, row=row, column=column, header=header, label=label)
        return Block(text, place, BlockKind.TABLE_CELL)

    assert stated_grades((at("Grades served", 1, 1), at("K-1", 1, 2))) == ("K", "1")
    assert stated_grades((at("09, 10", 2, 1, header="Grades served"),)) == ("9", "10")
    assert stated_grades((at("6 7 8", 1, 2, label="A3. Grades in building"),)) == ("6", "7", "8")
    each = [at("Grade", 1, 1), at("4", 1, 2), at("5", 1, 3), at("Students", 2, 1)]
    assert stated_grades(each) == ("4", "5")
    counted = [at("48", 2, 1, label="K"), at("52", 2, 2, label="1"), at("100", 2, 3, label="All")]
    assert stated_grades(counted) == ("K", "1")
    low_high = [at("KG", 1, 2, label="Low Grade"), at("02", 2, 2, label="High Grade")]
    assert stated_grades(low_high) == ("K", "1", "2")


def test_a_range_that_falls_says_nothing():
    assert parse("grades 3-5") == ("3", "4", "5")
    assert parse("grades 9-4") == ()


def test_a_column_of_grades_tells_where_nothing_else_does():
    column = [cell(grade, "Gr", row) for row, grade in enumerate(["6-8"] * 4 + ["6", "5"], 2)]
    assert stated_grades(column) == ("6", "7", "8")


def test_the_head_gives_grades_where_no_line_states_them():
    other = Block("Tutoring", Place(), BlockKind.PARAGRAPH)
    head = Block("Maple Middle School, grades 6-8", Place(), BlockKind.PARAGRAPH)
    stated = Block("Grades served: 6-7", Place(), BlockKind.PARAGRAPH)
    assert stated_grades((head,)) == ("6", "7", "8")
    assert stated_grades((head, stated)) == ("6", "7")
    assert stated_grades((*[other] * HEAD_BLOCKS, head)) == ()  # too far down


def test_what_stands_beside_an_empty_box_was_not_chosen():
    ticked = Block("☒ Schoolwide ☐ Targeted", Place(row=1), BlockKind.TABLE_CELL)
    boxes = cell("☒ Read Naturally in grade 3 ☐ Reading Recovery in grade 1", "Strategy")
    assert texts(ticked, boxes) == ["Read Naturally in grade 3"]
    notes = extract(plan(ticked, boxes)).notes
    assert any("box is not ticked: '☐ Reading Recovery in grade 1'" in note for note in notes)


def test_empty_boxes_alone_are_bullets():
    assert texts(bullet("☐ Home visits"), bullet("☐ Family nights")) == [
        "Home visits",
        "Family nights",
    ]


@pytest.mark.parametrize("status", ["Dropped", "DISCONTINUED 6/25", "Not funded"])
def test_a_row_whose_status_says_that_it_was_dropped_is_noted_and_no_strategy(status):
    found = extract(plan(cell("Use LiPS in grade 1", "Strategy"), cell(status, "Status")))
    assert found.strategies == ()
    assert any("says what ends" in note for note in found.notes)


def test_words_of_data_or_of_work_in_a_row_end_nothing():
    use = cell("Use LiPS in grade 1", "Strategy")
    for text, header in [
        ("Dropped 5 points", "Data"),
        ("Removed from class 40 times last year", "Root cause"),
        ("Ended the year at 45% proficient", "Baseline"),
    ]:
        assert texts(use, cell(text, header)) == [use.text]
    assert texts(use, cell("Dropped in June, no trained teacher left", "Status")) == []


def test_students_who_dropped_out_are_nothing_put_aside():
    text = "Mentors meet each student twice a week"
    assert texts(bullet(text, "Students who dropped out")) == [text]


@pytest.mark.parametrize(
    "heading_text", ["Considered and not adopted", "Strategies we have discontinued"]
)
def test_what_stands_under_a_heading_of_things_put_aside_is_no_strategy(heading_text):
    assert texts(bullet("Use Read 180 in grade 6", heading_text)) == []


def test_a_column_without_a_telling_header_is_known_by_what_its_cells_say():
    says = "Students write in a notebook every day, and teachers answer once a week"
    told = "Sixty students were absent for more than eighteen days last year"
    unsure = "Chess and drama after the last bell"
    assert texts(cell(unsure, "In our rooms")) == []
    assert texts(cell(says, "In our rooms"), cell(unsure, "In our rooms", 3)) == [says, unsure]
    assert texts(cell(told, "In numbers"), cell(told, "In numbers", 3)) == []


def test_a_short_cell_beside_a_long_one_is_its_title_unless_it_names_a_programme():
    long = cell("Students read aloud in pairs for twenty minutes, three days a week", "Action")
    assert texts(cell("Fluency", "Initiative"), long) == [long.text]
    assert texts(cell("Read Naturally", "Initiative"), long) == ["Read Naturally", long.text]


@pytest.mark.parametrize(
    "text",
    [
        "Kindergartners work in pairs with a tutor on letter sounds four days a week.",
        "Every class opens with a short quiz from memory.",
        "First-year teachers are coached by a full-release mentor.",
        "We will use structured phonics lessons.",
    ],
)
def test_running_text_that_says_what_is_done_is_a_strategy(text):
    assert texts(Block(text, Place(paragraph=1), BlockKind.PARAGRAPH)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Teachers plan alone, and nobody knows what the next room does.",
        "Sixty-two students came to us reading below the fourth-grade mark.",
        "The School Council will look at these tables in December.",
        "The noise was the good kind.",
    ],
)
def test_running_text_that_says_anything_else_is_none(text):
    assert texts(Block(text, Place(paragraph=1), BlockKind.PARAGRAPH)) == []
