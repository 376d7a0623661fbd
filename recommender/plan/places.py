"""Where names stand in the text that the encoder gets, which has no figures and no short forms."""

from collections.abc import Callable, Sequence

from recommender.index.placed import Place, PlacedText

# A sign that no plan holds stands for a name while the text is cleaned, so no name is changed.
_SIGN = "\ue000"


def cleaned(clean: Callable[[str], str], text: str, names: Sequence[Place]) -> PlacedText:
    """Return the cleaned text and the places of the names in it; `names` do not overlap."""
    kept = text.replace(_SIGN, " ")
    pieces, low = [], 0
    for start, end in names:
        pieces += [kept[low:start], _SIGN]
        low = end
    without = clean("".join([*pieces, kept[low:]]))
    parts = without.split(_SIGN)
    if len(parts) != len(names) + 1:
        return PlacedText(text, tuple(names))
    found, places = parts[0], []
    for (start, end), rest in zip(names, parts[1:]):
        places.append((len(found), len(found) + end - start))
        found += kept[start:end] + rest
    return PlacedText(found or text, tuple(places))
