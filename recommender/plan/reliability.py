"""The reliability diagram of the plan check, as an SVG file without a library."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

SIZE, EDGE = 360, 48


@dataclass(frozen=True, slots=True)
class Bin:
    """Links of like probability: how many, their mean probability, the share adopted."""

    links: int
    mean: float
    adopted: float


def reliability_svg(bins: Sequence[Bin]) -> str:
    """Draw the share adopted against the mean probability; a dot's area grows with its links."""
    span = SIZE - 2 * EDGE
    dots = "".join(
        f'<circle cx="{EDGE + span * b.mean:.1f}" cy="{SIZE - EDGE - span * b.adopted:.1f}" '
        f'r="{3 + sqrt(b.links) / 3:.1f}" fill="#1f5f8b" fill-opacity="0.75">'
        f"<title>{b.links} links: {b.mean:.2f} expected, {b.adopted:.2f} adopted</title></circle>"
        for b in bins
    )
    ticks = "".join(
        f'<text x="{EDGE + span * v:.0f}" y="{SIZE - EDGE + 16}" text-anchor="middle">{v}</text>'
        f'<text x="{EDGE - 6}" y="{SIZE - EDGE - span * v + 4:.0f}" text-anchor="end">{v}</text>'
        for v in (0, 0.5, 1)
    )
    low, high = EDGE, SIZE - EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" '
        'font-family="sans-serif" font-size="11"><title>Share adopted by probability</title>'
        f'<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>'
        f'<path d="M{low} {low}V{high}H{high}" fill="none" stroke="#444"/>'
        f'<path d="M{low} {high}L{high} {low}" stroke="#999" stroke-dasharray="4"/>'
        f"{ticks}{dots}"
        f'<text x="{SIZE / 2:.0f}" y="{SIZE - 10}" text-anchor="middle">probability</text>'
        f'<text x="14" y="{SIZE / 2:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 14 {SIZE / 2:.0f})">share adopted</text></svg>\n'
    )
