"""Pages in a real browser: accessible in light and dark, alone with themselves, narrow, and on paper."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_up
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]
A4_INSIDE_PX = 680
"""The width of A4 less its margins, at 96 pixels an inch."""
A4_INSIDE_HIGH_PX = 994
"""The height of A4 less margins of 16 and 18 mm."""
FIRST_SIDE_ENDS_AT = """
() => document.getElementById('know').previousElementSibling.getBoundingClientRect().bottom
"""
LEADS_NOWHERE = """
() => [...document.querySelectorAll('main a[href^="#"]')]
    .filter(found => !document.getElementById(found.getAttribute('href').slice(1))).map(found => found.outerHTML)
"""
NOTES_AGAINST_ROWS = """
() => {
    const shown = found => getComputedStyle(found).display !== 'none'
    const buttons = key => [...document.querySelectorAll(`input[name=${key}]`)].slice(0, 5)
    const wrong = []
    let tried = 0
    for (const unit of buttons('d')) for (const state of buttons('s')) for (const marker of buttons('m')) {
        const chosen = [unit, state, marker]
        chosen.forEach(button => button.checked = true)
        tried += 1
        for (const block of document.querySelectorAll('.pmf-fold, tbody.pmf-run')) {
            const rows = [...block.querySelectorAll('.pmf-measure, .pmf-report')].some(shown)
            if (rows === shown(block.querySelector('.pmf-note')))
                wrong.push([block.id, ...chosen.map(button => button.id)].join(' '))
        }
    }
    document.querySelector('form').reset()
    return [tried, wrong]
}
"""
"""How many combinations of filters were tried, and where a note stands beside rows or is missing without them."""
RULES = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]},
}
"""Which of axe's rules are tried in which scheme: the dark one differs by its colours, and the width of cards, alone."""
WIDER = """
width => [...document.querySelectorAll('body *')]
    .filter(found => found.getBoundingClientRect().right > width + 1 && !found.closest('.pmf-skip'))
    .map(found => found.outerHTML.slice(0, 120))
"""


def test_nothing_is_fetched_and_the_policy_is_kept(shown: Any, pages_folder: Path, page_name: str):
    own = (pages_folder / page_name).as_uri()
    assert [url for url in shown.asked if url != own and not url.startswith("data:")] == []
    assert shown.said == []
    assert shown.evaluate("document.scripts.length") == 0
    assert shown.evaluate("getComputedStyle(document.body).fontSize") == "18px"
    assert shown.evaluate("[...document.images].every(found => found.complete && found.naturalWidth > 0)")


@pytest.mark.one_of_a_kind
@pytest.mark.parametrize("width", [320, 1200])
def test_the_page_is_no_wider_than_the_screen(
    opened: Callable[..., Any], pages_folder: Path, page_name: str, width: int
):
    page = opened(pages_folder / page_name, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.one_of_a_kind
def test_the_page_prints_whole(opened: Callable[..., Any], pages_folder: Path, page_name: str):
    page = opened(pages_folder / page_name, viewport={"width": A4_INSIDE_PX, "height": 1000})
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate(WIDER, A4_INSIDE_PX) == []
    closed = "[...document.querySelectorAll('details:not(.pmf-filter, .pmf-numbers, .pmf-contents *) > :not(summary)')].filter(found => !found.checkVisibility({contentVisibilityAuto: true})).length"
    assert page.evaluate(closed) == 0


@pytest.mark.one_of_a_kind
def test_paper_says_where_the_numbers_behind_a_picture_are_and_leaves_them_out(
    opened: Callable[..., Any], pages_folder: Path, page_name: str
):
    page = opened(pages_folder / page_name)
    pictures = page.locator("details.pmf-numbers").count()
    assert visible(page, ".pmf-paper") == 0
    page.emulate_media(media="print")
    assert (visible(page, "details.pmf-numbers"), visible(page, ".pmf-paper")) == (0, pictures)


@pytest.mark.one_of_a_kind
def test_landmarks_are_there_once_and_the_skip_link_comes_first(shown: Any):
    counts = shown.evaluate(
        "['header', 'main', 'footer', 'h1'].map(name => document.querySelectorAll(name).length)"
    )
    assert counts == [1, 1, 1, 1]
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "pmf-skip"
    shown.keyboard.press("Enter")
    assert shown.evaluate("location.hash") == "#main"


def test_every_link_within_the_page_leads_somewhere(shown: Any):
    lost = """[...document.querySelectorAll('a[href^="#"]')].map(found => found.getAttribute('href').slice(1))
        .filter(name => !document.getElementById(name))"""
    assert shown.evaluate(lost) == []
    assert shown.evaluate("document.querySelectorAll('[id]').length") == shown.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map(found => found.id)).size"
    )


def test_axe_finds_nothing(shown: Any):
    assert faults_of(shown, "light") == []


@pytest.mark.one_of_a_kind
def test_axe_finds_nothing_in_the_dark(shown: Any):
    assert faults_of(shown, "dark") == []


def faults_of(shown: Any, scheme: str) -> list[tuple[str, list[str]]]:
    """What axe finds, with the first elements of each fault; all that is folded is opened."""
    from axe_playwright_python.sync_playwright import Axe

    shown.emulate_media(color_scheme=scheme)
    shown.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
    found = Axe().run(shown, options={"resultTypes": ["violations"], **RULES[scheme]}).response["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"][:3]]) for fault in found]


def visible(page: Any, rows: str) -> int:
    return page.evaluate(
        "rows => [...document.querySelectorAll(rows)].filter(found => found.checkVisibility()).length", rows
    )


@pytest.fixture
def index(opened: Callable[..., Any], made_up_folder: Path) -> Any:
    """The made-up index, every fold and filter open."""
    page = opened(made_up_folder / "index.html", java_script_enabled=True)
    page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
    return page


def test_the_filters_of_the_index_work_without_script(index: Any):
    assert (visible(index, ".pmf-measure"), visible(index, ".pmf-report")) == (42, 8)
    index.get_by_label("Children's Services").first.check()
    assert (visible(index, ".pmf-measure"), visible(index, ".pmf-report")) == (12, 2)
    _, state = index.locator(".pmf-measure:visible .pmf-tag").first.inner_text().split(maxsplit=1)
    index.get_by_label(state, exact=True).check()
    shown = visible(index, ".pmf-measure")
    assert 0 < shown < 12
    assert index.locator(".pmf-measure:visible .pmf-tag").filter(has_text=state).count() == shown
    index.locator("#r-1").check()
    assert visible(index, ".pmf-run.r0") == 0
    index.get_by_role("button", name="Show everything").click()
    assert (visible(index, ".pmf-measure"), visible(index, ".pmf-report")) == (42, 8)


def test_markers_of_one_name_in_two_frameworks_are_filtered_apart(index: Any):
    index.get_by_label("Marker 1: People live well").check()
    assert (visible(index, ".pmf-measure"), visible(index, ".pmf-report")) == (12, 8)
    assert visible(index, "#measures-2 .pmf-measure") == 0
    index.get_by_label("Marker 1: Streets are clean").check()
    assert visible(index, ".pmf-measure") == visible(index, "#measures-2 .pmf-measure") == 2
    said = index.locator(".pmf-filter > summary").last.inner_text()
    assert said == "Marker of measures: Marker 1: Streets are clean"


def test_measures_of_the_index_are_folded_by_run_and_unfold_by_keyboard(
    opened: Callable[..., Any], made_up_folder: Path
):
    page = opened(made_up_folder / "index.html")
    assert page.evaluate("[...document.querySelectorAll('.pmf-fold')].map(found => found.open)") == [
        True,
        False,
        False,
    ]
    assert visible(page, ".pmf-measure") == 24
    second = page.locator("#measures-1 > summary")
    assert "Quarter 1, April to June 2024, Full edition: 12 measures" in second.inner_text()
    second.focus()
    page.keyboard.press("Enter")
    assert visible(page, ".pmf-measure") == 36
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('details').id") == "measures-1"


def test_the_index_says_where_no_row_fits_the_filters_and_only_there(index: Any):
    tried, wrong = index.evaluate(NOTES_AGAINST_ROWS)
    assert tried == 125
    assert wrong == []
    index.get_by_label(made_up.DIRECTORATES[0]).first.check()
    index.get_by_label("Marker 2: Roads are kept").check()
    assert visible(index, ".pmf-measure") == 0
    assert visible(index, ".pmf-fold .pmf-note") == 3
    assert visible(index, ".pmf-fold table") == 0
    assert visible(index, "tr.pmf-note") == 1


def test_the_index_prints_every_fold_and_says_which_filter_is_on(
    opened: Callable[..., Any], made_up_folder: Path
):
    page = opened(made_up_folder / "index.html")
    printed = "rows => [...document.querySelectorAll(rows)].filter(found => found.checkVisibility({contentVisibilityAuto: true})).length"
    page.emulate_media(media="print")
    assert (page.evaluate(printed, ".pmf-measure"), page.evaluate(printed, ".pmf-filters")) == (42, 0)
    page.emulate_media(media="screen")
    page.evaluate("document.getElementById('m-0').checked = true")
    page.emulate_media(media="print")
    assert page.evaluate(printed, ".pmf-measure") == 12
    assert (
        page.locator(".pmf-filters").inner_text().strip() == "Marker of measures: Marker 1: People live well"
    )


def test_a_picture_on_a_phone_keeps_its_size_and_scrolls_in_its_card(
    opened: Callable[..., Any], made_up_folder: Path
):
    page = opened(made_up_folder / "report.html", viewport={"width": 390, "height": 800})
    sizes = "['.pmf-card', '.pmf-card img'].map(name => document.querySelector(name).getBoundingClientRect().width)"
    card, picture = page.evaluate(sizes)
    assert card <= 390
    assert picture >= 560
    page.emulate_media(media="print")
    assert page.evaluate(sizes)[1] <= 390


def test_pictures_stay_on_white_in_the_dark(opened: Callable[..., Any], made_up_folder: Path):
    page = opened(made_up_folder / "report.html", color_scheme="dark")
    colour = "name => getComputedStyle(document.querySelector(name)).backgroundColor"
    assert page.evaluate(colour, ".pmf-card") == "rgb(255, 255, 255)"
    assert page.evaluate(colour, "body") == "rgb(21, 25, 29)"


@pytest.mark.vnu
def test_the_nu_html_checker_finds_nothing(vnu: list[str], page_files: list[Path]):
    files = [str(path) for path in page_files]
    done = subprocess.run([*vnu, *files], capture_output=True, text=True, timeout=300, check=False)
    assert json.loads(done.stderr)["messages"] == []


def test_the_committees_first_side_is_one_side_and_each_link_leads_somewhere(
    opened: Callable[..., Any], page_files: list[Path]
):
    papers = [path for path in page_files if path.name == "7_audit_committee.html"]
    if not papers:
        pytest.skip("no committee's page is among the pages under test; set PMF_SITE to a finished site")
    for path in papers:
        page = opened(path, viewport={"width": A4_INSIDE_PX, "height": 900})
        page.emulate_media(media="print")
        assert page.evaluate(FIRST_SIDE_ENDS_AT) <= A4_INSIDE_HIGH_PX, path
        assert page.evaluate(LEADS_NOWHERE) == [], path
