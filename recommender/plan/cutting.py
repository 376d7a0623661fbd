"""A block of a plan -> statements: lines, bullets, sentences, names, in the plan's own words."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from recommender import paths
from recommender.errors import BadCorpus
from recommender.plan.line_model import LineModel
from recommender.plan.readers.wrapping import OPEN_END
from recommender.plan.sections import Trust
from recommender.plan.statements import IMPERATIVE, LONG_WORDS

JOINED = "joined_names.txt"
_NO_WORD = re.compile(r"\W")
_ASIDE = re.compile(r"\s*\([^()]*\)")
# Log odds from which a further sentence of a list item or cell is a strategy of its own
# (docs/results/plan_reading.md).
_ACTS_TOO = -1.0
# Characters that tell whether a sentence says something new, and in which names are looked for.
_READ_AHEAD = 300


def _re(words: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(words, flags)


_MARK = r"(?:[•●▪■◦○‣⁃∙·➢✓✔❖☐☑☒□❏❑✅🗹🗷*–—-]|\[[ xX]\]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s+"
_MARKS = _re(rf"^(?:{_MARK})+")
_GOES_ON = _re(
    r"(?:and |or )?(?:(?:daily|weekly|monthly|quarterly|twice|once|(?:each|every) (?:day|week"
    r"|month|term|year|morning)|led by|(?:grades?|gr\.?) [\dk]|\d+[\s–-]*(?:\d+\s*)?(?:x\b|min|hour"
    r"|times|session|days|weeks|students))|(?-i:for|with|in|by|using|from|to|on|at|during|including"
    r"|such as|which|who|that)\b|\()"
)
_INLINE = _re(r";\s+|(?<=\s)•\s|(?<=\s)\(\d\)\s")
_SENTENCE = _re(
    r"(?<![ei]\.[ge]\.)(?<!\b[A-Z]\.)(?<!\b[DM][rs]\.)(?<!\bMrs\.)(?<!\bvs\.)(?<=[.!?])\s+(?=[A-Z])",
    re.NOFLAG,
)
_DANGLING = _re(r"(?:this|these|they|it|sessions?|groups?|meetings?)\b")

# Subjects, groups, tests, months, places of a school day: capitals that name no programme.
_NOT_NAMES = frozenset(
    """ela math mathematics reading writing science english spanish history social art music iep
    ieps el els ell ells mll mlls swd swds esl sei grade grades tier kindergarten principal
    assistant teacher teachers coach school schools district dese mcas dibels map k pd plc plcs ilt
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday spring fall winter summer black white hispanic latino asian
    i we all""".split()  # noqa: SIM905
)
_WORD = r"(?:[A-Z0-9][\w'’/&+-]*|[a-z]-[A-Z]\w*)"
_NAME = rf"{_WORD}(?: (?:(?:of|for|the|to|in|&) )?{_WORD}){{0,4}}(?: \([^()]{{1,30}}\))?"
_NAMES = re.compile(rf"{_NAME}(?:, {_NAME})*,? and {_NAME}")
_NAME_BREAK = re.compile(r",? and |, ")
# A line that starts with capitals starts with a name only if they are more than its first letter.
_OWN_NAME = re.compile(r"\S*\w[A-Z]|\S+ \S|\S*\d")
_NOT_BEFORE_NAMES = re.compile(r"\b(?:at|from|by|grades?)\s$", re.IGNORECASE)


def units(text: str) -> Iterator[str]:
    """Cut at lines, bullets and semicolons where something new begins; words stay as they are."""
    lines = [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
    folded, cuts, start = " ".join(lines), {0}, 0
    for before, line in pairwise(["", *lines]):
        if _starts_anew(line, before):
            cuts.add(start)
        start += len(line) + 1
    cuts.update(_inline_cuts(folded))
    for begin, end in pairwise(sorted(cuts | {len(folded)})):
        if unit := _MARKS.sub("", folded[begin:end].strip(" ;•")).strip(" ;•"):
            yield unit.removeprefix("and ")


def _starts_anew(line: str, before: str) -> bool:
    if _MARKS.match(line):
        return True
    return not (line[0].islower() or _GOES_ON.match(line) or OPEN_END.search(before))


def _inline_cuts(folded: str) -> Iterator[int]:
    depth = end = 0
    for match in _INLINE.finditer(folded):
        depth += folded.count("(", end, match.start()) - folded.count(")", end, match.start())
        end = match.end() if match[0][0] == "(" else match.start()
        if depth <= 0 and match[0][0] != ";":
            yield match.start()
        elif depth <= 0 and _begins(folded[match.end() :]):
            yield match.end()


def _begins(rest: str) -> bool:
    """Tell whether what follows a semicolon is a strategy of its own, not more about the first."""
    return not _GOES_ON.match(rest) and (not rest[:1].islower() or bool(IMPERATIVE.match(rest)))


def sentences(unit: str, trust: Trust, lines: LineModel) -> list[str]:
    """Cut running text into sentences, and a list item where a further sentence acts as well."""
    begins = [0]
    for match in _SENTENCE.finditer(unit):
        rest = _SENTENCE.split(unit[match.end() : match.end() + _READ_AHEAD])[0]
        is_whole = len(rest.split()) >= LONG_WORDS
        goes_on = _DANGLING.match(rest) or (not is_whole and _GOES_ON.match(rest))
        if not goes_on and (trust <= Trust.CUED or lines.logit(rest) > _ACTS_TOO):
            begins.append(match.end())
    return [unit[begin:end].strip() for begin, end in zip(begins, [*begins[1:], len(unit)])]


def by_name(text: str) -> Iterator[str]:
    """Cut a line that names several programmes after each name; one strategy stays whole."""
    verb = IMPERATIVE.match(text)
    shown = _with_names_whole(text[:_READ_AHEAD])
    for match in _NAMES.finditer(shown, verb.end() if verb else 0):
        names = _NAME_BREAK.split(match[0])
        before, after = text[: match.start()], text[match.end() :]
        own = before or all(map(_OWN_NAME.match, names))
        if own and all(map(_is_name, names)) and not _is_subject(before, after):
            breaks = list(_NAME_BREAK.finditer(shown, match.start(), match.end()))
            begins = [0, *(each.end() for each in breaks)]
            ends = [*(each.start() for each in breaks), len(text)]
            yield from (text[begin:end] for begin, end in zip(begins, ends))
            return
    yield text


@cache
def joined_names() -> tuple[str, ...]:
    """Read the names of programmes that hold an `and` or a comma, in small letters."""
    path = paths.corpus_folder() / JOINED
    try:
        return tuple(path.read_text("utf-8").split("\n"))
    except OSError as error:
        raise BadCorpus(f"{path}: {error.strerror}") from None


def joined(name: str) -> str | None:
    """Return a name as `joined_names` has it; `None` for one that no `and` or comma parts."""
    plain = _ASIDE.sub("", name).replace(" & ", " and ").strip().lower()
    return plain if _NAME_BREAK.search(plain) else None


def _with_names_whole(text: str) -> str:
    """Return the text with each name that holds an `and` or a comma as one long word."""
    if not _NAME_BREAK.search(text):
        return text
    low = text.lower()
    for name in joined_names():
        if name and (start := low.find(name)) >= 0:
            end = start + len(name)
            text = text[:start] + _NO_WORD.sub("_", text[start:end]) + text[end:]
    return text


def _is_name(text: str) -> bool:
    first = re.findall(r"[\w'’-]+", text)[0].lower()
    return first not in _NOT_NAMES and bool(re.search(r"[A-Z]", text))


def _is_subject(before: str, after: str) -> bool:
    return bool(_NOT_BEFORE_NAMES.search(before) or re.match(r"\s+(?:will|shall|staff)\b", after))
