"""Control charts of anybody's CSV file: no council, no framework, no store.

`charted` reads a file and charts every series in it; `told` says what was found, as text and as plain values; `picture`
draws it.
"""

from __future__ import annotations

from pmf_lib.workbook.any_series.chart import Charted, charted
from pmf_lib.workbook.any_series.columns import Asked

__all__ = ["Asked", "Charted", "charted"]
