"""What a council's file may say of places, and how a slip is told without telling a secret."""

from __future__ import annotations

import pytest
import yaml

from pmf_lib import council as councils
from pmf_lib.errors import PolicyError

SECRET = "hunter2-4711"
DATABASE = {"label": "warehouse", "url_from": "WAREHOUSE_URL", "tables": {"measures": "measures"}}
SHARE = {"label": "share", "url": "file:///srv/records"}


@pytest.fixture
def refusal(home):
    """A function that gives the sentence with which a council's file is refused."""
    folder = home.folder("parameters/councils")
    about = {"id": "own", "name": "Own", "evidence": "own", "directorates": [{"id": "a", "name": "A"}]}

    def load(**records) -> str:
        (folder / "own.yml").write_text(yaml.safe_dump({**about, "records": records}))
        with pytest.raises(PolicyError) as caught:
            councils.load("own")
        return str(caught.value)

    return load


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({"databases": [{**DATABASE, "url_from": f"postgresql://a:{SECRET}@host/x"}]}, "the name of an environment variable"),
        ({"databases": [{**DATABASE, "url": f"postgresql://a:{SECRET}@host/x"}]}, "key 'records.databases.0.url' is not known"),
        ({"locations": [{**SHARE, "url": f"sftp://a:{SECRET}@host/x"}]}, "belongs into the environment"),
        ({"locations": [{**SHARE, "url": f"https://host/x?sig={SECRET}"}]}, "belongs into the environment"),
        ({"locations": [{**SHARE, "url": f"zip://q::sftp://a:{SECRET}@host/x.zip"}]}, "belongs into the environment"),
        ({"locations": [{"label": "share"}]}, "give either 'url' or 'url_from'"),
        ({"locations": [{**SHARE, "url_from": "SHARE_URL"}]}, "give either 'url' or 'url_from'"),
        ({"locations": [SHARE, SHARE]}, "needs a label of its own"),
        ({"databases": [DATABASE], "locations": [{**SHARE, "label": "warehouse"}]}, "needs a label of its own"),
        ({"locations": [{**SHARE, "label": "database"}]}, "a label is 2 to 40"),
        ({"locations": [{**SHARE, "label": "../x"}]}, "a label is 2 to 40"),
        ({"databases": [{**DATABASE, "tables": {}}]}, "at least 1 item"),
        ({"database": [DATABASE]}, "Did you mean 'databases'?"),
    ],
)  # fmt: skip
def test_a_slip_is_told_and_no_secret_is(refusal, records, words):
    said = refusal(**records)
    assert words in said
    assert SECRET not in said
    assert "own.yml" in said


@pytest.mark.parametrize("services", [["Parks", "Parks"], ["Parks", " "]])
def test_each_service_of_a_directorate_is_named_once(home, services):
    folder = home.folder("parameters/councils")
    made = {"id": "own", "name": "Own", "evidence": "own", "records": {}}
    units = [{"id": "a", "name": "A", "services": services}, {"id": "b", "name": "B", "services": ["Parks"]}]
    (folder / "own.yml").write_text(yaml.safe_dump({**made, "directorates": units}))
    with pytest.raises(PolicyError, match="name each service of a directorate once"):
        councils.load("own")
    units[0]["services"] = ["Parks", "Libraries"]
    (folder / "own.yml").write_text(yaml.safe_dump({**made, "directorates": units}))
    assert councils.load("own").directorate("a").services == ("Parks", "Libraries")
