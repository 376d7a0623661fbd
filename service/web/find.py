"""The Find page: a root cause in the team's own words, and tested practices as cards."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from recommender.search.recommender import (
    MAX_LIMIT,
    MAX_ROOT_CAUSE_CHARACTERS,
    Answer,
    Recommender,
)
from service.access import Role, needs
from service.engine import Engine
from service.web.cards import CardGroup, TurnaroundLabel, arrange, make_card, turnaround_labels
from service.web.question import PAGE_STEP, Question, Sort, read_question
from service.web.school import (
    COOKIE,
    SCHOOL_GRADES,
    School,
    remember_school,
    remembered_school,
)
from service.web.templating import render
from service.web.words import KIND_WORDS, STUDENT_GROUPS, SUBJECTS

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.READER)])


@dataclass(frozen=True, slots=True)
class Example:
    """A question to click."""

    cause: str
    href: str


def _example(cause: str, *grades: str, subject: str | None = None) -> Example:
    school = School(grades, (subject,) if subject else ())
    return Example(cause, Question(cause, school).href())


EXAMPLES = (
    _example(
        "Gr. 1 readers guess at words because phonics is taught without a sequence",
        "K", "1", "2", subject="literacy",
    ),
    _example(
        "Students learn fraction rules by heart and cannot say why they work",
        "4", "5", subject="math",
    ),
    _example(
        "Chronic absence: families hear from us only after many days are lost",
        "6", "7", "8", subject="attendance",
    ),
    _example(
        "MLLs at ELD 2-3 have few chances to talk and write about texts in content classes",
        "6", "7", "8", subject="english learners",
    ),
    _example(
        "Adults respond to the same behaviour in different ways, so referrals keep rising",
        "K", "1", "2", "3", "4", "5", subject="behavior",
    ),
    _example(
        "9th graders who fail a core class fall off track and nobody follows up",
        "9", "10", "11", "12", subject="graduation",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers."""

    grades: tuple[str, ...] = SCHOOL_GRADES
    subjects: tuple[tuple[str, str], ...] = tuple(SUBJECTS.items())
    groups: tuple[str, ...] = STUDENT_GROUPS
    settings: tuple[str, ...] = ("urban", "suburban", "rural")
    kinds: tuple[tuple[str, str], ...] = tuple((k.value, v) for k, v in KIND_WORDS.items())
    practices: tuple[TurnaroundLabel, ...] = ()
    sorts: tuple[tuple[str, str], ...] = (
        (Sort.RELEVANCE, "Relevance to your cause"),
        (Sort.TIER, "Evidence tier"),
        (Sort.NAME, "Name"),
    )
    max_characters: int = MAX_ROOT_CAUSE_CHARACTERS


@dataclass(frozen=True, slots=True)
class FindPage:
    """What the Find page shows."""

    question: Question = field(metadata={"help": "the form as it was sent"})
    choices: Choices = field(metadata={"help": "what the form offers"})
    faults: tuple[str, ...] = field(metadata={"help": "everything wrong with the form"})
    examples: tuple[Example, ...] = field(metadata={"help": "questions to click"})
    is_remembered: bool = field(metadata={"help": "the school came from the cookie"})
    groups: tuple[CardGroup, ...] = field(metadata={"help": "the cards, by family where asked"})
    shown: int = field(metadata={"help": "how many cards"})
    no_good_match: bool = field(metadata={"help": "nothing in the collection is about the cause"})
    more_href: str | None = field(metadata={"help": "the same question with more cards"})


@router.get("/")
async def find(request: Request) -> Response:
    """Show the question, and the answer where there is a question."""
    if request.query_params.get("forget"):
        response: Response = RedirectResponse("/", 303)
        response.delete_cookie(COOKIE)
        return response
    question, faults = read_question(tuple(request.query_params.multi_items()))
    engine: Engine = request.app.state.engine
    if not question.is_asked or faults:
        return await engine.run(_ask, request, question, faults)
    response = await engine.run(_answer, request, question, engine.recommender)
    remember_school(request, response, question.school)
    return response


def _ask(request: Request, question: Question, faults: tuple[str, ...]) -> HTMLResponse:
    school = remembered_school(request)
    is_remembered = question.school.is_empty and not faults and not school.is_empty
    if is_remembered:
        question = Question(question.cause, school)
    if "cause" in request.query_params and not question.is_asked:
        faults = (*faults, "root cause: write the cause in your own words, then press Find")
    page = FindPage(question, _choices(), faults, EXAMPLES, is_remembered, (), 0, False, None)
    return render(request, "find.html", page, 422 if faults else 200)


def _answer(request: Request, question: Question, recommender: Recommender) -> HTMLResponse:
    answer = recommender.recommend(question.as_request())
    page = answer_page(question, answer, recommender)
    return render(request, "find.html", page, manifest=answer.index)


def answer_page(question: Question, answer: Answer, recommender: Recommender) -> FindPage:
    """Return the page record of an answer; all its cards come from the build that answered."""
    cards = [make_card(result, recommender, question.school) for result in answer.results]
    has_more = len(cards) == question.show and question.show < MAX_LIMIT
    return FindPage(
        question=question,
        choices=_choices(),
        faults=(),
        examples=EXAMPLES,
        is_remembered=False,
        groups=arrange(cards, question.sort, question.by_family),
        shown=len(cards),
        no_good_match=answer.no_good_match,
        more_href=question.href(show=question.show + PAGE_STEP) if has_more else None,
    )


def _choices() -> Choices:
    return Choices(practices=turnaround_labels((1, 2, 3, 4)))
