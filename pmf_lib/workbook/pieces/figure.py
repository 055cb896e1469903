"""Pictures of a page: a matplotlib figure as HTML with a title, a described picture and its numbers as a table."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pandas as pd

from pmf_lib.errors import ParameterError
from pmf_lib.workbook.pieces.markup import Html, details, escape
from pmf_lib.workbook.pieces.tables import Columns, source_line, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PIXELS_AN_INCH = 96
ON_SCREEN = "The numbers in this picture stand under it on screen."
"""What paper says in the place of the table behind a picture, which would fill many sides."""
SAME_EVERY_TIME: Any = {
    "svg.hashsalt": "pmf",
    "svg.fonttype": "path",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
}


def figure(
    fig: Figure,
    *,
    title: str,
    subtitle: str = "",
    source: str = "",
    alt: str,
    data: pd.DataFrame | Html | None,
    columns: Columns | None = None,
) -> Html:
    """A picture titled by its finding, described in words, with its numbers behind it; `fig` is closed.

    Parameters
    ----------
    fig
        The picture, drawn without a title of its own.
    title
        The finding as a sentence.
    subtitle
        Measure, unit, place and period.
    source
        Where the figures come from.
    alt
        What the picture shows, for a person who does not see it.
    data
        The numbers in the picture, one row a mark (or a table already made); None where the page shows them beside it.
    columns
        How `data` is shown, as for `tables.table`.

    Raises
    ------
    ParameterError
        `alt` or `title` is empty.
    """
    for name, given in (("alt", alt), ("title", title)):
        if not given.strip():
            raise ParameterError(f"figure: '{name}' is empty. Say in a sentence what the picture shows.")
    under = f'\n<span class="pmf-subtitle">{escape(subtitle)}</span>' if subtitle else ""
    markup = (
        '<figure class="pmf-figure">\n'
        f'<figcaption><span class="pmf-title">{escape(title)}</span>{under}</figcaption>\n'
        f'<div class="pmf-card" role="group" aria-label="{escape(title)}" tabindex="0">{_picture(fig, alt)}</div>\n'
        f"{source_line(source)}{_twin(data, title, subtitle, columns)}</figure>"
    )
    return Html(markup, f"<picture: {title}>")


def _picture(fig: Figure, alt: str) -> str:
    width, height = (round(inches * PIXELS_AN_INCH) for inches in fig.get_size_inches())
    encoded = base64.b64encode(svg(fig)).decode("ascii")
    return f'<img alt="{escape(alt)}" width="{width}" height="{height}" src="data:image/svg+xml;base64,{encoded}">'


def svg(fig: Figure) -> bytes:
    """The figure as SVG, byte for byte the same for the same figure; `fig` is closed.

    Text becomes outlines of matplotlib's own font, so that no reader's machine changes it.
    """
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    from pmf_lib.workbook.pieces import pen

    with mpl.rc_context(SAME_EVERY_TIME):
        try:
            drawn = pen.written(fig).encode()
        except pen.BeyondError:
            drawn = _saved(fig)
    plt.close(fig)
    return drawn


def _saved(fig: Figure) -> bytes:
    """The figure as matplotlib's own writer has it, which draws anything."""
    out = io.BytesIO()
    fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _twin(data: pd.DataFrame | Html | None, title: str, subtitle: str, columns: Columns | None) -> str:
    """The table behind the picture; two pictures of one finding differ by their subtitle, and so do their tables."""
    if data is None:
        return ""
    name = f"Numbers behind: {title}" + (f" ({subtitle})" if subtitle else "")
    shown = data if isinstance(data, Html) else table(data, title=name, columns=columns)
    folded = details("The numbers in this picture", shown, kind="numbers").markup
    return f'{folded}\n<p class="pmf-source pmf-paper">{ON_SCREEN}</p>\n'
