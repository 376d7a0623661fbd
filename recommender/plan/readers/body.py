"""The JSON body of a plan check, in which each strategy already stands alone."""

from typing import Annotated, Any

import msgspec

from recommender.plan.readers.blocks import BlockKind, PlanText
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.failures import refuse
from recommender.plan.readers.plain import decode
from recommender.plan.readers.wording import clean

_WANTED = 'expected {"rule": ..., "school": {...}, "strategies": [{"id": ..., "text": ...}]}'
_Words = Annotated[str, msgspec.Meta(max_length=200)]


class _Strategy(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: str


class _School(msgspec.Struct):
    name: _Words | None = None
    grades: list[_Words] = []
    student_groups: list[_Words] = []
    urbanicity: _Words | None = None
    state: _Words | None = None


class _Body(msgspec.Struct):
    strategies: list[_Strategy]
    rule: _Words | None = None
    school: _School | None = None


def read_body(content: bytes, draft: Draft) -> PlanText:
    """Return the plan of a JSON body, with the school and rule it names."""
    body = _decode(content, draft)
    _check_strategies(body, draft)
    pairs = []
    for strategy in body.strategies:
        words = clean(strategy.text)
        draft.paragraph(words, BlockKind.PARAGRAPH)
        pairs.append((strategy.id, words))
    school: dict[str, Any] | None = None
    if body.school is not None:
        school = msgspec.to_builtins(body.school)
    return PlanText(draft.name, "json", tuple(draft.blocks), (), school, body.rule, tuple(pairs))


def _decode(content: bytes, draft: Draft) -> _Body:
    text = decode(content, draft.name)
    try:
        return msgspec.json.decode(text.encode(), type=_Body)
    except msgspec.ValidationError as error:
        raise refuse(draft.name, str(error).replace("`", "'"), _WANTED) from None
    except msgspec.DecodeError as error:
        raise refuse(draft.name, f"not whole JSON ({error})", _WANTED) from None
    except RecursionError:
        raise refuse(draft.name, "the JSON is nested too deep", _WANTED) from None


def _check_strategies(body: _Body, draft: Draft) -> None:
    limit = draft.limits.strategies
    if len(body.strategies) > limit:
        raise draft.over(f"{len(body.strategies)} strategies", f"at most {limit} are read")
    if not body.strategies:
        raise refuse(draft.name, "no strategies", _WANTED)
    seen: set[str] = set()
    for number, strategy in enumerate(body.strategies):
        where = f"$.strategies[{number}]"
        if strategy.id in seen:
            found = f"id '{strategy.id}' a second time at {where}"
            raise refuse(draft.name, found, "each strategy has an id of its own")
        if not clean(strategy.text):
            raise refuse(draft.name, f"no words at {where}.text", _WANTED)
        seen.add(strategy.id)
