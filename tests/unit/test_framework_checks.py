"""A small framework of its own, and every way in which its files can be wrong."""

from __future__ import annotations

import copy
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
import yaml
from pydantic import create_model

from pmf_lib import framework, settings
from pmf_lib.errors import PolicyError, SettingsError
from pmf_lib.framework.load import FILES
from pmf_lib.framework.model import Framework
from pmf_lib.policy import Policy

MADE = {"made_by": "Head of Performance", "made_on": date(2024, 4, 1), "reason": "the text is silent"}
TOY: dict[str, dict[str, Any]] = {
    "framework.yml": {
        "id": "toy",
        "title": "Toy framework",
        "council": "Toyshire",
        "edition": "2024",
        "status": "in force",
        "in_force": {"from_date": date(2024, 4, 1), "source": "1"},
        "sources": [{"document": "Toy framework"}],
        "levels": [
            {"id": "aim", "singular": "aim", "plural": "aims", "source": "1"},
            {
                "id": "goal",
                "singular": "goal",
                "plural": "goals",
                "parents": ["aim"],
                "links": True,
                "source": "1",
            },
            {
                "id": "pledge",
                "singular": "pledge",
                "plural": "pledges",
                "parents": ["goal"],
                "links": True,
                "open": True,
                "source": "1",
            },
        ],
    },
    "thread.yml": {
        "nodes": [
            {"id": "aim", "level": "aim", "title": "Thrive", "source": "1", "statements": ["people smile"]},
            {"id": "goal-1", "level": "goal", "number": 1, "title": "Warm", "parent": "aim", "source": "1"},
            {
                "id": "goal-2",
                "level": "goal",
                "number": 2,
                "title": "Dry",
                "parent": "aim",
                "source": "1",
                "parent_assumption": "placed",
            },
        ]
    },
    "assumptions.yml": {"assumptions": [{"id": "placed", "text": "Dry belongs here.", **MADE}]},
    "alignment.yml": {
        "alignment": [
            {
                "id": "table-1",
                "title": "Alignment",
                "source": "2",
                "statements_of": "aim",
                "heads": ["Vision", "Goals", "Other plan", "Side"],
                "rows": [{"statement": "People smile", "nodes": ["goal-1"], "aligned": [{"title": "Joy"}]}],
            }
        ]
    },
}


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Writes the toy framework, changed by `change`, and loads it."""
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    folder = tmp_path / "parameters" / "frameworks" / "toy"
    folder.mkdir(parents=True)

    def load(change=lambda files: None, **dump):
        files = copy.deepcopy(TOY)
        change(files)
        for name, content in files.items():
            (folder / name).write_text(yaml.safe_dump(content, **dump), encoding="utf-8")
        return framework.load("toy")

    load.folder = folder
    return load


def nodes(files):
    return files["thread.yml"]["nodes"]


def levels(files):
    return files["framework.yml"]["levels"]


def row(files):
    return files["alignment.yml"]["alignment"][0]["rows"][0]


FAULTS = {
    "a node written twice": (
        lambda files: nodes(files).append({**nodes(files)[2], "number": 3}),
        r"thread.yml: node 'goal-2' is written twice. Give each its own id",
    ),
    "an unknown parent": (
        lambda files: nodes(files)[1].update(parent="aims"),
        r"thread.yml: node 'goal-1' names the parent 'aims', which is no node. Did you mean 'aim'\?",
    ),
    "a node without the parent its level asks for": (
        lambda files: nodes(files)[1].pop("parent"),
        r"node 'goal-1' has no parent. Name a node of level 'aim'",
    ),
    "a parent at the top level": (
        lambda files: nodes(files)[0].update(parent="goal-1"),
        r"node 'aim' is at the top level 'aim'; take its parent 'goal-1' out",
    ),
    "an unknown level": (
        lambda files: nodes(files)[1].update(level="gaol"),
        r"node 'goal-1' is at level 'gaol', which framework.yml does not list. Did you mean 'goal'\?",
    ),
    "a parent of the wrong level": (
        lambda files: nodes(files)[2].update(parent="goal-1"),
        r"node 'goal-2' hangs from 'goal-1' of level 'goal'. Name a node of level 'aim'",
    ),
    "a circle": (
        lambda files: (nodes(files)[1].update(parent="goal-2"), nodes(files)[2].update(parent="goal-1")),
        r"nodes goal-1 → goal-2 → goal-1 hang from each other in a circle",
    ),
    "a node that hangs from itself": (
        lambda files: nodes(files)[1].update(parent="goal-1"),
        r"nodes goal-1 → goal-1 hang from each other in a circle",
    ),
    "a gap in the numbers": (
        lambda files: nodes(files)[2].update(number=3),
        r"level 'goal' has no number 2 \(it runs to 3\)",
    ),
    "the same number twice in one year": (
        lambda files: nodes(files)[2].update(number=1),
        r"nodes 'goal-1' and 'goal-2' are both number 1 of level 'goal' in the same year",
    ),
    "a number left out": (
        lambda files: nodes(files)[2].pop("number"),
        r"node 'goal-2' has no number, though others of level 'goal' have",
    ),
    "a node without source": (
        lambda files: nodes(files)[1].pop("source"),
        r"thread.yml: node 'goal-1' has no source. Name the document's section",
    ),
    "an alignment row naming an unknown node": (
        lambda files: row(files).update(nodes=["gaol-1"]),
        r"alignment.yml: table 'table-1', row 1: 'gaol-1' is no node of thread.yml. Did you mean 'goal-1'\?",
    ),
    "an alignment row with an unknown statement": (
        lambda files: row(files).update(statement="people smiled"),
        r"row 1: 'people smiled' is no statement of node 'aim'. Did you mean 'people smile'\?",
    ),
    "an alignment table of an unknown node": (
        lambda files: files["alignment.yml"]["alignment"][0].update(statements_of="vision"),
        r"'statements_of' names 'vision', which is no node",
    ),
    "an assumption named but not there": (
        lambda files: nodes(files)[1].update(assumption="place"),
        r"thread.yml: node 'goal-1' names the assumption 'place', which assumptions.yml does not hold. Did you mean 'placed'",
    ),
    "an assumption that nothing names": (
        lambda files: nodes(files)[2].pop("parent_assumption"),
        r"assumptions.yml: nothing names the assumption 'placed'",
    ),
    "a level that hangs from one below it": (
        lambda files: levels(files)[0].update(parents=["goal"]),
        r"framework.yml: level 'aim' hangs from 'goal', which is no level above it",
    ),
    "a level without nodes that isn't open": (
        lambda files: levels(files)[2].update(open=False),
        r"level 'pledge' has no node in thread.yml. Write its nodes, or say 'open: true'",
    ),
    "no level to link to": (
        lambda files: [level.update(links=False) for level in levels(files)],
        r"no level says 'links: true'",
    ),
    "an end before the beginning": (
        lambda files: files["framework.yml"]["in_force"].update(to_date=date(2023, 1, 1)),
        r"in_force ends on 2023-01-01, before it begins",
    ),
    "a successor of a framework in force": (
        lambda files: files["framework.yml"].update(superseded_by="later"),
        r"'superseded_by' is given, but status is 'in force'",
    ),
    "a framework superseded by itself": (
        lambda files: files["framework.yml"].update(superseded_by="toy", status="superseded"),
        r"superseded by itself",
    ),
    "an unknown key": (
        lambda files: nodes(files)[1].update(titel="Warm"),
        r"'thread.yml' in '.*toy':\n.*key 'nodes.1.titel' is not known. Did you mean 'title'\?",
    ),
    "a key missing": (
        lambda files: files["framework.yml"].pop("edition"),
        r"key 'edition' is missing",
    ),
    "a year written wrongly": (
        lambda files: nodes(files)[1].update(years={"valid_from": "2024-26"}),
        r"'2024-26' is not a period. Write the year as, for example, '2024-25'",
    ),
    "an id that isn't the folder's": (
        lambda files: files["framework.yml"].update(id="toyshire"),
        r"id is 'toyshire', but the folder is 'toy'",
    ),
    "a file of another name": (
        lambda files: files.update({"alignement.yml": {}}),
        r"'alignement.yml' in '.*toy' is not a file of a framework. Did you mean 'alignment.yml'\?",
    ),
    "board items out of order": (
        lambda files: files.update(
            {"bodies.yml": {"agendas": [{**AGENDA, "items": [{**ITEM, "number": 2}, {**ITEM, "number": 2}]}]}}
        ),
        r"item 'risk' is written twice(?s:.*)items are not numbered 1 to 2 in order",
    ),
    "a level twice on the way of a report": (
        lambda files: files.update({"bodies.yml": {"reporting_route": ["cmt", "cabinet", "cmt"]}}),
        r"bodies\.yml: reporting_route names 'cmt' twice\. Name each level once\.",
    ),
    "no level on the way of a report": (
        lambda files: files.update({"bodies.yml": {"reporting_route": []}}),
        "reporting_route",
    ),
    "an unknown level on the way of a report": (
        lambda files: files.update({"bodies.yml": {"reporting_route": ["cmt", "cabnet"]}}),
        "reporting_route",
    ),
}
ITEM = {"id": "risk", "number": 1, "title": "Risk", "text": "review", "frequency": "monthly", "source": "7"}
AGENDA = {"id": "board", "board": "board", "minimum_a_year": 1, "minimum_words": "once", "source": "7"}


def test_the_toy_framework_holds_together(toy):
    loaded = toy()
    assert [node.id for node in loaded.linkable] == ["goal-1", "goal-2"]


@pytest.mark.parametrize(("change", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_files_is_refused_with_file_node_and_remedy(toy, change, said):
    with pytest.raises(PolicyError, match=said):
        toy(change)


def test_all_faults_are_told_at_once_and_ten_at_most(toy):
    def lose_sources(files):
        nodes(files)[1].pop("number")
        nodes(files)[2].pop("number")
        nodes(files).extend({**nodes(files)[1], "id": f"goal-{n}", "source": ""} for n in range(3, 15))

    with pytest.raises(PolicyError, match="has no source") as caught:
        toy(lose_sources)
    assert str(caught.value).count("\n") == 11
    assert str(caught.value).endswith("and 2 more")


def test_a_needed_file_that_is_absent_is_said_to_be(toy):
    toy()
    (toy.folder / "thread.yml").unlink()
    with pytest.raises(SettingsError, match=r"thread\.yml' is not there"):
        framework.load("toy")


def test_optional_files_may_be_absent(toy):
    def strip(files):
        del files["alignment.yml"], files["assumptions.yml"]
        nodes(files)[2].pop("parent_assumption")

    loaded = toy(strip)
    assert (loaded.alignment, loaded.assumptions, loaded.clauses) == ((), (), ())


def test_a_number_may_return_in_another_year(toy):
    def replace(files):
        nodes(files)[2]["years"] = {"valid_to": "2024-25"}
        nodes(files).append({**nodes(files)[2], "id": "goal-2-2025", "years": {"valid_from": "2025-26"}})

    loaded = toy(replace)
    assert [node.id for node in loaded.linkable_in("2024-25")] == ["goal-1", "goal-2"]
    assert [node.id for node in loaded.linkable_in("2025-26")] == ["goal-1", "goal-2-2025"]


def test_the_digest_does_not_depend_on_the_order_of_keys_or_defaults_spelled_out(toy):
    def spell_out(files):
        nodes(files)[1].update(statements=[], assumption="", years={"valid_from": ""})

    one = framework.digest(toy(sort_keys=True))
    assert framework.digest(toy(sort_keys=False, width=20, default_flow_style=True)) == one
    assert framework.digest(toy(spell_out)) == one
    assert len(one) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda files: nodes(files)[1].update(title="Warmer"),
        lambda files: nodes(files).insert(1, nodes(files).pop(2)),
        lambda files: levels(files)[0].update(links=True),
        lambda files: row(files).update(note="seen"),
        lambda files: files["assumptions.yml"]["assumptions"][0].update(made_on=date(2024, 4, 2)),
    ],
)
def test_the_digest_changes_with_what_the_framework_says(toy, change):
    assert framework.digest(toy()) != framework.digest(toy(change))


def test_the_digest_survives_a_new_optional_part_and_another_order_of_the_model_s_fields(toy):
    loaded = toy()
    fields = {name: (field.annotation, field) for name, field in reversed(Framework.model_fields.items())}
    grown = create_model("Grown", __base__=Policy, new_part=(tuple[str, ...], ()), **fields)
    assert framework.digest(grown(**dict(loaded))) == framework.digest(loaded)


def test_a_framework_cannot_be_changed_in_place(toy):
    with pytest.raises(ValueError, match="frozen"):
        toy().node("goal-1").title = "Cold"


def test_the_guide_names_every_file_and_every_key():
    guide = (settings.root() / "docs" / "frameworks.md").read_text(encoding="utf-8")
    assert [name for name in FILES if f"`{name}`" not in guide] == []
    assert [key for key in sorted(keys(FILES.values())) if f"`{key}`" not in guide] == []


def keys(models) -> set[str]:
    """Every key that the files of a framework know."""
    found = set()
    for model in models:
        for definition in (schema := model.model_json_schema(), *schema.get("$defs", {}).values()):
            found |= set(definition.get("properties", {}))
    return found


def test_reading_a_framework_brings_in_no_data_frames():
    code = "import sys; from pmf_lib import framework; framework.load('wpf-2009'); sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
