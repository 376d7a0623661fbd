"""What each kind of file gives: words, places, headers, sections and what was left out."""

from pathlib import Path

import pytest

from recommender.plan.readers import BlockKind, read_plan_here

PLANS = Path(__file__).parents[2] / "fixtures" / "plans"
HEADING, PARAGRAPH, LIST_ITEM, CELL = BlockKind


def read(name):
    return read_plan_here(PLANS / name)


def shown(name, *styles):
    return [(str(b.place), b.text) for b in read(name).blocks if b.style in (styles or BlockKind)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("turnaround.docx", "docx"),
        ("macro.docm", "docx"),
        ("grid.xlsx", "xlsx"),
        ("macro.xlsm", "xlsx"),
        ("slides.pptx", "pptx"),
        ("table.pdf", "pdf"),
        ("grid.csv", "csv"),
        ("tabs.tsv", "csv"),
        ("plain.txt", "txt"),
        ("body.json", "json"),
    ],
)
def test_kind_is_told(name, kind):
    assert (read(name).kind, read(name).file) == (kind, name)


def test_word_sections_are_the_turnaround_practices():
    strategies = [b for b in read("turnaround.docx").blocks if b.place.header == "Strategy"]
    assert [(b.place.section[:21], str(b.place), b.text[:21]) for b in strategies] == [
        ("Turnaround Practice 1", "table 1, row 2, column 'Strategy'", "Instructional leaders"),
        ("Turnaround Practice 1", "table 1, row 3, column 'Strategy'", "Common planning time "),
        ("Turnaround Practice 2", "table 2, row 2, column 'Strategy'", "Adopt HQIM for mathem"),
        ("Turnaround Practice 3", "table 3, row 2, column 'Strategy'", "High-dosage tutoring "),
        ("Turnaround Practice 3", "table 3, row 3, column 'Strategy'", "Check-In/Check-Out (C"),
        ("Turnaround Practice 4", "table 4, row 2, column 'Strategy'", "Weekly family phone c"),
    ]


def test_word_page_headers_and_footers_are_no_part_of_the_plan():
    text = " ".join(b.text for b in read("turnaround.docx").blocks)
    assert "draft 3" not in text
    assert "Page 1" not in text


def test_word_text_as_a_person_sees_it():
    assert [(b.style, b.text) for b in read("awkward.docx").blocks if b.place.table is None] == [
        (HEADING, "Root Cause Analysis"),
        # merge field gone, soft hyphen gone, ligature two letters
        (PARAGRAPH, "Dear , 48% of grade 4 did not reach the benchmark in fluency."),
        (LIST_ITEM, "Teachers have no common planning time."),
        (LIST_ITEM, "Small groups are not formed from data."),
        (PARAGRAPH, "We will use structured phonics lessons."),
        (PARAGRAPH, "See the box."),
        (PARAGRAPH, "Our vision: every child reads by grade 3."),  # stands twice in the file
        (PARAGRAPH, "Mentoring for new teachers"),  # insertion accepted, deletion gone
    ]


def test_word_says_what_it_left_out():
    assert read("awkward.docx").unreadable == (
        "struck-through text left out: 'the old phonics kit'",
        "hidden text left out: 'internal: ask about the budget'",
    )


def test_word_merged_and_nested_cells():
    cells = [item for item in shown("awkward.docx") if item[0].startswith("table")]
    assert cells == [
        ("table 1, row 1, column 1", "Goal 1: Raise grade 3 reading"),
        ("table 1, row 2, column 1", "Focus area"),
        ("table 1, row 2, column 2", "Action steps"),
        ("table 1, row 2, column 3", "Evidence of success"),
        ("table 1, row 3, column 'Focus area'", "Literacy"),  # spans two rows, once
        ("table 1, row 3, column 'Action steps'", "Decoding groups of four\nDaily, 25 minutes"),
        ("table 1, row 3, column 'Evidence of success'", "Phonics screener"),
        ("table 1, row 4, column 'Action steps'", "Repeated reading with feedback"),
        ("table 1, row 5, column 'Action steps'", "Costs:"),
        ("table 2, row 1, column 1", "Resource"),  # a table in the cell above
        ("table 2, row 1, column 2", "Cost"),
        ("table 2, row 2, column 'Resource'", "Decodable books"),
        ("table 2, row 2, column 'Cost'", "$4,200"),
    ]


@pytest.mark.parametrize("name", ["form.docx", "macro.docm"])
def test_word_form_cells_carry_their_label(name):
    assert shown(name, CELL) == [
        ("table 1, row 1 'Initiative title'", "Restorative circles in advisory"),
        ("table 1, row 2 'Root cause'", "Students who are suspended return without a plan."),
        (
            "table 1, row 3 'Evidence-based strategy'",
            "Restorative practices, one circle a week in grades 6-8",
        ),
        ("table 1, row 4 'Person responsible'", "Dean of students"),
    ]


@pytest.mark.parametrize("name", ["grid.xlsx", "macro.xlsm"])
def test_workbook_cells(name):
    assert shown(name, CELL) == [
        ("sheet 'Action plan', row 2 'School code'", "99990305"),
        ("sheet 'Action plan', row 5, column 'Goal'", "Algebra readiness"),
        ("sheet 'Action plan', row 5, column 'Strategy'", "Double-dose algebra for grade 8"),
        ("sheet 'Action plan', row 5, column 'Person responsible'", "Math lead"),
        ("sheet 'Action plan', row 5, column 'Due date'", "2025-10-01"),
        ("sheet 'Action plan', row 5, column 'Share met'", "45%"),
        ("sheet 'Action plan', row 6, column 'Strategy'", "Math lab twice a week\nwith a tutor"),
        ("sheet 'Action plan', row 6, column 'Person responsible'", "Math lead"),
        ("sheet 'Action plan', row 6, column 'Due date'", "2026-01-15"),
        ("sheet 'Action plan', row 6, column 'Share met'", "50%"),
        ("sheet 'Action plan', row 7, column 'Person responsible'", "Principal"),
    ]


def test_workbook_says_what_it_left_out():
    assert read("grid.xlsx").unreadable == (
        "sheet 'Action plan', row 7: struck-through text left out: 'Old plan: buy more tablets'",
        "sheet 'Action plan': hidden rows 8, not read",
        "sheet 'Notes': hidden, not read",
    )


def test_workbook_title_is_the_section():
    assert {b.place.section for b in read("grid.xlsx").blocks[1:]} == {
        "Cedar Brook Middle School: action plan 2025-26"
    }


def test_slides():
    assert shown("slides.pptx") == [
        ("page 1, paragraph 1", "Goal 2: Attendance"),
        ("page 1, paragraph 2", "Nudge letters to families every month"),
        ("page 1, paragraph 3", "Mentor for each absent student"),
        ("page 2, paragraph 1", "Who does what"),
        ("page 2, table 1, row 1, column 1", "Action"),
        ("page 2, table 1, row 1, column 2", "Lead"),
        ("page 2, table 1, row 2, column 'Action'", "Home visits"),  # over two rows, once
        ("page 2, table 1, row 2, column 'Lead'", "Liaison"),
        ("page 2, table 1, row 3, column 'Lead'", "Nurse"),
    ]
    assert read("slides.pptx").unreadable == (
        "page 3: no text, only pictures",
        "page 4: hidden slide, not read",
    )


def test_pdf_table_goes_on_over_the_page():
    assert shown("table.pdf", CELL) == [
        (
            "page 1, table 1, row 2, column 'Strategy'",
            "Self-regulated strategy development (SRSD) in grades 4-6",
        ),
        ("page 1, table 1, row 2, column 'Person responsible'", "ELA lead"),
        ("page 1, table 1, row 2, column 'Timeline'", "November to May"),
        ("page 1, table 1, row 3, column 'Person responsible'", "Special educators"),
        ("page 2, table 1, row 1, column 'Strategy'", "Shared rubric"),
        ("page 2, table 1, row 1, column 'Person responsible'", "Writing team"),
        ("page 2, table 1, row 1, column 'Timeline'", "By December"),
        ("page 2, table 1, row 2, column 'Strategy'", "Portfolios"),
        ("page 2, table 1, row 2, column 'Person responsible'", "Teachers"),
        ("page 2, table 1, row 2, column 'Timeline'", "June"),
    ]


def test_pdf_text_without_page_headers_and_numbers():
    assert shown("table.pdf", PARAGRAPH) == [
        (
            "page 1, paragraph 2",
            "Students write little outside of English class, and teachers score their work by "
            "different rubrics. We chose evidence-based steps.",
        ),
        ("page 3, paragraph 1", "The committee meets each term."),
    ]


def test_pdf_columns_are_read_one_after_the_other():
    assert [(b.style, b.text) for b in read("columns.pdf").blocks] == [
        (HEADING, "Heron Pond Academy: what we will do next year and the year after that"),
        (
            PARAGRAPH,
            "Attendance fell in every grade since 2022. Families say that buses come late and "
            "that they hear about absences too late.",
        ),
        (LIST_ITEM, "A liaison calls each family on the first day of absence."),
        (LIST_ITEM, "A mentor meets each absent student twice a week."),
        (
            PARAGRAPH,
            "Both steps start in September, are reviewed by the whole faculty in January and "
            "end in June.",
        ),
    ]


def test_pdf_page_that_looks_scanned_is_named():
    plan = read("part_scanned.pdf")
    assert plan.unreadable == ("page 1: no text, looks scanned",)
    assert [str(b.place) for b in plan.blocks] == ["page 2, paragraph 1"]


def test_pdf_form_fields():
    assert shown("form.pdf")[-1] == ("page 1, field 'First strategy'", "Cross-age reading buddies")


@pytest.mark.parametrize("name", ["grid.csv", "semicolons.csv", "tabs.tsv"])
def test_csv_dialects_and_encodings(name):
    cells = shown(name, CELL)
    assert len(cells) == 15
    assert cells[1] == ("row 2, column 'Strategy'", "Repeated reading, 15 minutes a day")
    assert cells[9] == ("row 3, column 'Evidence'", 'Logs, "yes"')
    assert cells[12] == ("row 4, column 'Lead'", "Señora Niño")


def test_plain_text():
    assert [(b.style, b.text) for b in read("plain.txt").blocks] == [
        (HEADING, "RIVERBEND HIGH SCHOOL"),
        (PARAGRAPH, "Improvement plan for 2025-26"),
        (HEADING, "Goal 1: Ninth graders on track"),
        (
            PARAGRAPH,
            "Too many ninth graders fail two or more courses. Teachers see the grades only when "
            "the term is over, and nobody is charged with acting on them.",
        ),
        (
            LIST_ITEM,
            "An early warning team meets every second week and assigns each student to an adult "
            "who follows up within three days.",
        ),
        (LIST_ITEM, "Freshman seminar with study skills"),
        (LIST_ITEM, "1. Co-taught algebra sections for students with disabilities"),
        (HEADING, "Turnaround Practice 4: Climate"),
        (PARAGRAPH, "We will stop using the reward store."),
    ]


def test_lines_of_a_text_are_strategies_of_their_own(tmp_path):
    lines = [
        "Use the phonics lessons with every first grader who falls behind",
        "Hold a family math night every month, with an interpreter there",
        "Train all the tutors of the school in the routine of the lessons",
    ]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    assert [b.text for b in read_plan_here(tmp_path / "list.txt").blocks] == lines


def test_text_of_a_fixed_width_is_joined_also_before_a_capital(tmp_path):
    lines = [
        "Students who read below their grade will work every day with the tutors of",
        "Reading Recovery, in lessons that were written for them, and the teachers",
        "who lead these lessons meet every second week with the reading coach, who",
        "watches them teach.",
    ]
    (tmp_path / "wrapped.txt").write_text("\n".join(lines))
    assert [b.text for b in read_plan_here(tmp_path / "wrapped.txt").blocks] == [" ".join(lines)]


def test_json_body():
    plan = read("body.json")
    assert plan.rule == "ma-plan"
    assert plan.school == {
        "name": None,
        "grades": ["K", "1"],
        "student_groups": [],
        "urbanicity": None,
        "state": "MA",
    }
    assert plan.strategies == (
        ("s1", "Small-group phonics, 30 minutes a day"),
        ("s2", "Weekly coaching for new teachers"),
    )
    assert [b.text for b in plan.blocks] == [text for _, text in plan.strategies]


def test_a_name_that_promises_nothing_is_read_by_content(tmp_path):
    upload = tmp_path / "upload-1"
    upload.write_bytes((PLANS / "grid.xlsx").read_bytes())
    assert read_plan_here(upload).kind == "xlsx"
