"""A report, an index and a failure page of a council that does not exist, with every kind of piece on them."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pmf_lib import verdicts
from pmf_lib.reports.failure import failure_html
from pmf_lib.reports.html import render
from pmf_lib.reports.site import index_html
from pmf_lib.workbook.pieces import figure, tables
from pmf_lib.workbook.pieces.markup import Html
from pmf_lib.workbook.pieces.tables import Column

HOSTILE = "<script>alert('x')</script> & <img src=x onerror=alert(1)>"
DIRECTORATES = [
    "Adult Social Care, Public Health and Hub",
    "Children's Services",
    "Resources and Transformation",
]
MARKERS = [
    f"Marker {at}: {words}"
    for at, words in enumerate(["People live well", "Roads are kept", "Pupils attend"], 1)
]
BANNERS = [
    {
        "kind": "made-up",
        "text": "Made-up data. Every figure and name on this page is invented to show the workbook.",
    },
    {"kind": "past-review", "text": "The framework was due for review by 31 March 2025."},
    {"kind": "incomplete", "text": "One of four directorates is missing from this set."},
]
FACTS: dict[str, Any] = {
    "title": "Measures against markers",
    "question": "How do the measures stand against the markers of success, and is any change real?",
    "headline": "Eleven of 34 measures miss their target; four of them can't reach it as they run now",
    "council": "Sampleton Borough Council",
    "unit": DIRECTORATES[0],
    "framework": "Performance Management Framework 2022 to 2025",
    "edition_words": "Full edition, not for publication",
    "quarter_words": "Quarter 2, July to September 2024",
    "as_at_words": "15 November 2024",
    "paper_status": "Draft",
    "banners": BANNERS,
    "content_key": "7f3a9c0d21be",
    "notebook": "2_measures_against_markers",
    "data_used": [
        {
            "source": "data/sample/measures.csv",
            "extract_date": "2024-11-01",
            "rows_read": 34,
            "rows_kept": 34,
            "rows_left_out": 0,
            "control_total": 0.0,
        },
        {
            "source": "data/sample/observations.csv",
            "extract_date": "2024-11-01",
            "rows_read": 1234,
            "rows_kept": 1231,
            "rows_left_out": 3,
            "control_total": 98765.4321,
        },
    ],
    "reperform": ["pmf run --council sample --quarter '2024-25 Q2' --as-at 2024-11-15"],
    "glossary_url": "",
    "index_href": "index.html",
}


def measures(rows: int = 24) -> pd.DataFrame:
    """One row a measure, with every status and absence."""
    known = verdicts.load()
    states, changes = known.codes("status", "absence"), known.codes("variation")
    capability = known.codes("capability")
    at = range(rows)
    return pd.DataFrame(
        {
            "measure_id": [f"m-{number}" for number in at],
            "measure": [
                "Share of people who feel safe at home and in their street after dark"[: 30 + number * 3]
                for number in at
            ],
            "marker": [MARKERS[number * 3 // rows] for number in at],
            "directorate": [DIRECTORATES[number % 3] for number in at],
            "markers": [[MARKERS[number % 3].partition(":")[0]] for number in at],
            "value": [1234.5 * (number - 4) for number in at],
            "change": [0.25 * (number - 12) for number in at],
            "decimals": [number % 3 for number in at],
            "due": pd.to_datetime(["2024-11-15"] * rows),
            "state": [states[number % len(states)] for number in at],
            "variation": [changes[number % len(changes)] for number in at],
            "capability": [capability[number % len(capability)] for number in at],
            "why": ["72.4 is 2.6 below the target of 75.0, more than the tolerance of 2.0"] * rows,
            "href": [f"report.html#m-{number}" for number in at],
        }
    )


def picture(place: str) -> Html:
    """One line with its limits."""
    fig, axes = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
    values = pd.Series([70, 71, 69.5, 72, 74, 73, 75, 76, 74.5, 77, 78, 79], name="value")
    axes.plot(values.index, values, color="#12436D", marker="o")
    axes.axhline(values.mean(), color="#6F777B", linestyle="--")
    axes.set_ylabel("Per cent")
    return figure.figure(
        fig,
        title=f"The share who feel safe in {place} rose for six quarters in a row",
        subtitle="Per cent of adults, Sampleton, quarters of 2022-23 to 2024-25",
        source="Residents' survey, as recorded on 1 November 2024",
        alt="Line of 12 quarters rising from 70 to 79 per cent, above its mean of 74 since quarter 7.",
        data=pd.DataFrame({"quarter": [f"Q{at % 4 + 1}" for at in range(12)], "value": values}),
        columns={"quarter": "Quarter", "value": Column("Value", unit="%", decimals=1)},
    )


def main_table() -> Html:
    """One row a measure, in groups."""
    return tables.table(
        measures(),
        title="Nine measures of 24 meet their target",
        subtitle="Latest result of each measure, Sampleton, quarter 2 of 2024-25",
        source="data/sample/observations.csv",
        columns={
            "measure": "Measure",
            "value": Column("Result", "number", unit="%", decimals="decimals"),
            "change": Column(
                "Change on a year ago", "number", unit="percentage points", decimals=1, signed=True
            ),
            "due": Column("Due"),
            "state": Column("Status", "tag", verdict="status"),
            "variation": Column("Variation", "tag", verdict="variation"),
            "why": "Why",
        },
        row_id="measure_id",
        group="marker",
    )


def counts() -> Html:
    """A small table that reconciles."""
    frame = pd.DataFrame(
        {
            "marker": [*MARKERS, "All markers"],
            "met": [3, 2, 4, 9],
            "missed": [4, 4, 3, 11],
            "all": [12, 11, 11, 34],
        }
    )
    return tables.table(
        frame,
        title="Every marker has measures that miss their target",
        subtitle="Count of measures by status",
        columns={"marker": "Marker", "met": "Met", "missed": "Missed", "all": "All measures"},
        totals=1,
    )


def many_columns() -> Html:
    """A table of 19 columns of six-figure numbers, and one that holds the names of files."""
    names = [
        "North East Lincolnshire",
        "Wolverhampton",
        "Stoke-on-Trent",
        "Rotherham",
        "Doncaster",
        "Sandwell",
    ]
    wide = pd.DataFrame({"period": ["September 2023 to August 2024"] * 3})
    places = [*names, *(f"{side} {name}" for side in ("Upper", "Lower") for name in names)]
    for at, name in enumerate(places):
        wide[name] = [123456 + at] * 3
    file = "published:education/2023-24/key-stage-4-performance-revised_local-authority-and-region.csv, row 12345"
    files = measures(4).assign(
        file=file, other="data/sample/observations.csv, row 3", unit="per 100,000 aged 10 to 17"
    )
    kept = ["measure", "due", "value", "unit", "change", "why", "file", "other"]
    return tables.table(wide, title="Sampleton compared with its neighbours") + tables.table(
        files,
        title="Every figure and where it comes from",
        columns={name: name.capitalize() for name in kept},
    )


def pieces() -> list[Any]:
    """What the fixture's cells show, in order; text alone is prose."""
    verdict = verdicts.load().get("status", "near")
    return [
        tables.headline(FACTS["headline"]),
        tables.summary_list({"Measures": "34", "Certified": "7 of 34", "Worst": tables.tag(verdict)}),
        "## What we found\n\nProse with a [link](https://example.org/guide), *stress* and a list:\n\n- one\n- two\n\n| place | n |\n|---|---:|\n| north | 4 |\n\n![not fetched](https://example.org/x.png)",
        counts(),
        many_columns(),
        main_table(),
        tables.callout("Agree who owns the two measures that have no owner, by 30 November 2024.", "action"),
        tables.callout("Four series have fewer than 13 points; their limits are on trial.", "warning"),
        "## Is any change real?\n\nA change is real when it breaks a rule of the control chart.",
        picture("the north"),
        picture("the south"),
        tables.paragraphs(f"A commentary said: {HOSTILE}"),
        tables.headline("What is asked of you", level=2),
        tables.bullets(["Ask the board why.", tables.link("See the rows", "evidence/rows.html#r1")]),
        tables.details("How this was worked out", "By the rules printed below."),
        tables.table(measures().iloc[:0], title="No measure was left out", columns={"measure": "Measure"}),
    ]


def notebook() -> Any:
    """The fixture notebook as a run leaves it: facts in its metadata, outputs of all kinds in its cells."""
    cells = [
        new_markdown_cell(
            f"# {FACTS['title']}\n\n{FACTS['question']}\n\nFigures are rated as their scheme says."
        )
    ]
    cells += [new_markdown_cell(piece) if isinstance(piece, str) else _shown(piece) for piece in pieces()]
    cells[1].outputs.append(new_output("stream", name="stderr", text="a warning nobody asked for"))
    cells[1].outputs.append(
        new_output("display_data", {"application/scrapbook.scrap.json+json": {}, "text/plain": "a scrap"})
    )
    made = new_notebook(cells=cells, metadata={"pmf": {"page": FACTS}})
    for at, cell in enumerate(made.cells):
        cell["id"] = f"cell-{at}"
    return made


def _shown(piece: Html) -> Any:
    data = {"text/html": piece.markup, "text/plain": repr(piece)}
    return new_code_cell("show(secret_code)", outputs=[new_output("execute_result", data, execution_count=1)])


def runs() -> list[dict[str, Any]]:
    """Three runs, the first with a failure, the last of a framework whose markers bear the same names."""
    item = {"title": FACTS["title"], "href": "report.html", "outcome": "ok", "headline": FACTS["headline"]}
    failed = {
        "unit": DIRECTORATES[2],
        "title": "Performance board",
        "href": "failure.html",
        "outcome": "failed",
        "headline": "",
    }
    run = {
        "council": FACTS["council"],
        "framework": FACTS["framework"],
        "edition": "Full edition",
        "quarter": "2024-25 Q2",
        "framework_id": "pmf",
        "nodes": dict(marker.split(": ") for marker in MARKERS),
    }
    old = {
        **run,
        "council": "Oldsample Borough Council",
        "framework": "Performance Framework 2009",
        "framework_id": "old",
        "nodes": {"Marker 1": "Streets are clean", "Marker 2": "Homes are warm", "Marker 3": ""},
    }
    items = [{**item, "unit": unit} for unit in DIRECTORATES]
    return [
        {**run, "evidence": "made-up", "complete": False, "items": [*items, failed], "measures": measures()},
        {**run, "evidence": "published", "quarter": "2024-25 Q1", "items": items, "measures": measures(12)},
        {**old, "evidence": "made-up", "items": items[:1], "measures": measures(6)},
    ]


FAILURE = {
    **FACTS,
    "outcome": "failed",
    "section": "What we found",
    "message": "Column 'vlaue' is not in data/sample/observations.csv. Did you mean 'value'?",
    "stands": [
        {"title": "Data quality, Children's Services", "href": "report.html"},
        {"title": HOSTILE, "href": ""},
    ],
    "again": "pmf run --council sample --quarter '2024-25 Q2' --only 2_measures_against_markers",
    "executed": "report.ipynb",
}


def pages() -> dict[str, str]:
    """File name → page."""
    return {
        "report.html": render(notebook()),
        "index.html": index_html(runs()),
        "empty-index.html": index_html([]),
        "failure.html": failure_html(FAILURE),
    }
