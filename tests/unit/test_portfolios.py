"""Cabinet portfolios: what the council's file may declare, to which one each measure belongs, and how pages count."""

import re
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import policy, verdicts
from pmf_lib.council import Council, Portfolio
from pmf_lib.errors import PolicyError
from pmf_lib.performance.portfolios import SEVERAL, portfolio_of
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.pages.scorecard import portfolios
from pmf_lib.workbook.results import Collected

DIRECTORATES = [
    {"id": "streets", "name": "Streets", "services": ["Bins", "Wardens"]},
    {"id": "care", "name": "Care", "services": ["Homes"]},
]
PLACE = {"id": "place", "name": "Place", "holder": "Portfolio holder for Place", "directorates": ["streets"]}
YOUNG = {"id": "young", "name": "Young <b>people</b>", "nodes": {"pmf-2022-25": ["marker-13"]}}


def made(tmp_path, *declared, **more):
    content = {
        "id": "own", "name": "Own", "evidence": "own", "directorates": DIRECTORATES, "records": {},
        "portfolios": list(declared), **more,
    }  # fmt: skip
    return policy.build(content, Council, tmp_path / "own.yml")


def test_portfolios_need_not_be_declared(tmp_path):
    assert made(tmp_path).portfolios == ()


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ([PLACE, PLACE], "two portfolios have the id 'place'"),
        ([PLACE, {**YOUNG, "name": "Place"}], "two portfolios have the name 'Place'"),
        ([PLACE, {**YOUNG, "directorates": ["streets"]}], "the directorate 'streets' is named twice"),
        ([{**PLACE, "services": ["Bins", "Bins"]}], "the service 'Bins' is named twice"),
        ([YOUNG, {**PLACE, "nodes": YOUNG["nodes"]}], "the node 'pmf-2022-25/marker-13' is named twice"),
        ([{**PLACE, "directorates": ["street"]}], "Did you mean 'streets'?"),
        ([{**PLACE, "services": ["Bin"]}], "Did you mean 'Bins'?"),
        ([{**PLACE, "name": ""}], "name"),
        ([{**PLACE, "holders": "x"}], "holders"),
    ],
)
def test_a_declaration_that_can_t_be_followed_is_refused_with_its_file(tmp_path, declared, said):
    with pytest.raises(PolicyError, match=re.escape(said)) as error:
        made(tmp_path, *declared)
    assert "own.yml" in str(error.value)


@pytest.mark.parametrize("name", ["sample", "sample-2009"])
def test_the_sample_councils_declare_portfolios_held_by_posts(name):
    found = councils.load(name).portfolios
    assert len(found) >= 4
    assert all(one.holder for one in found)


RULES = pd.DataFrame(
    [
        ("place", "directorate", "streets"),
        ("safety", "service", "Wardens"),
        ("young", "node", "marker-13"),
        ("care", "node", "marker-5"),
    ],
    columns=["portfolio", "by", "name"],
)


@pytest.mark.parametrize(
    ("service", "nodes", "directorate", "expected"),
    [
        ("Bins", "", "streets", "place"),
        ("Wardens", "", "streets", "safety"),
        ("Wardens", "marker-13", "streets", "safety"),
        ("Bins", "marker-13", "streets", "young"),
        ("Bins", "marker-13; marker-20", "streets", "young"),
        ("Bins", "marker-13; marker-5", "streets", SEVERAL),
        ("Bins", "marker-20", "streets", "place"),
        ("", "", "care", ""),
    ],
)
def test_a_measure_goes_by_its_service_then_its_nodes_then_its_directorate(
    service, nodes, directorate, expected
):
    measure = pd.DataFrame(
        {"measure_id": ["a"], "service": [service], "nodes": [nodes], "directorate": [directorate]}
    )
    assert portfolio_of(measure, RULES).tolist() == [expected]


def test_without_any_rule_no_measure_belongs_to_a_portfolio():
    measure = pd.DataFrame({"measure_id": ["a"], "service": ["Bins"], "nodes": ["m"], "directorate": ["x"]})
    assert portfolio_of(measure, RULES.head(0)).tolist() == [""]


MEASURES = pd.DataFrame(
    [
        ("bins", "Bins", "streets", "missed", "marker-19"),
        ("walks", "Wardens", "streets", "met", ""),
        ("homes", "Homes", "care", "missed", ""),
        ("help", "Homes", "care", "late", "marker-13"),
    ],
    columns=["measure_id", "service", "directorate", "state", "nodes"],
).assign(title=lambda rows: rows["measure_id"].str.title(), variation="not_suited")


def shown(council, rated=MEASURES):
    book = SimpleNamespace(
        council=council, framework=frameworks.load("pmf-2022-25"), quarter=parse_quarter("2024-25 Q2"),
        has_own_records=council.evidence != "published", whole=lambda name: MEASURES[["measure_id", "service"]],
        schemes=SimpleNamespace(verdicts=verdicts.load()),
    )  # fmt: skip
    markup = portfolios.shown(book, Collected({"rated_measures": rated}, is_recorded=True)).markup
    lines = re.findall(r"<tr.*?</tr>", markup, re.DOTALL)
    cells = [
        [_bare(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", one, re.DOTALL)] for one in lines
    ]
    return markup, cells


def _bare(markup):
    return unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def test_each_measure_counts_once_and_what_belongs_to_no_portfolio_is_told(tmp_path):
    markup, cells = shown(made(tmp_path, PLACE, YOUNG))
    assert cells[0][:2] == ["Portfolio", "Held by"]
    assert cells[1] == ["Place", "Portfolio holder for Place", "2", "1", "0", "1", "0", "–", "–"]
    assert cells[2] == ["Young <b>people</b>", "no post named", "1", "–", "–", "–", "1", "–", "–"]
    assert cells[3][:3] == ["No portfolio", "–", "1"]
    assert [sum(int(row[2]) for row in cells[1:4]), int(cells[4][2])] == [4, 4]
    assert "One measure belongs to no portfolio: “Homes”." in unescape(markup)
    assert "One of two portfolios has a measure that misses its target" in markup


def test_a_measure_of_several_portfolios_has_a_row_of_its_own(tmp_path):
    care = {"id": "care", "name": "Care", "nodes": {"pmf-2022-25": ["marker-19"]}}
    both = MEASURES.assign(nodes="marker-13; marker-19")
    _, cells = shown(made(tmp_path, YOUNG, care), both)
    assert [row[0] for row in cells[1:]] == [
        "Young <b>people</b>",
        "Care",
        "More than one portfolio",
        "Whole council",
    ]
    assert [row[2] for row in cells[1:]] == ["0", "0", "4", "4"]


def test_a_node_that_the_framework_does_not_have_is_refused_with_file_and_place(tmp_path):
    wrong = {**YOUNG, "nodes": {"pmf-2022-25": ["marker-31"]}}
    with pytest.raises(
        PolicyError, match=r"'marker-31'.*parameters/councils/own\.yml, portfolio 'young', 'nodes'"
    ):
        shown(made(tmp_path, wrong))


def test_nodes_of_another_framework_are_left_alone(tmp_path):
    other = {**YOUNG, "nodes": {"wpf-2009": ["outcome-safe"]}}
    _, cells = shown(made(tmp_path, PLACE, other))
    assert [row[2] for row in cells[1:]] == ["2", "0", "2", "4"]


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("own", "declares no Cabinet portfolios, so nothing is shown by portfolio. Declare them under 'portfolios' in parameters/councils/own.yml."),
        ("published", "is not part of the published figures"),
    ],
)  # fmt: skip
def test_where_none_are_declared_a_sentence_says_so_and_what_to_do(tmp_path, evidence, said):
    markup, cells = shown(made(tmp_path, evidence=evidence))
    assert said in unescape(markup)
    assert cells == []


def test_what_a_portfolio_names_is_told_with_its_kind():
    one = Portfolio(id="p", name="P", services=("Bins",), nodes={"f": ("n",)}, directorates=("d",))
    assert one.claims == [("service", "Bins"), ("node", "f/n"), ("directorate", "d")]
