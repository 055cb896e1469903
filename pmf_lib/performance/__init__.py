"""Pure methods over measures: series, status, direction, control charts, marker cards.

Control charts of any long frame stand alone: ``from pmf_lib.performance import xmr, XmrOptions``. The other methods are
imported from their modules (`rate`, `series`, `status`, `direction`, `capability`, `forecast`, `benchmark`, `scorecard`).
"""

from pmf_lib.performance.spc import Xmr, XmrOptions, xmr

__all__ = ["Xmr", "XmrOptions", "xmr"]
