"""Control charts (XmR, p′, u′): limits, rules, seasons and the words about them. Start at `chart.xmr`."""

from pmf_lib.performance.spc.chart import IMPROVEMENTS, Xmr, improvement, xmr
from pmf_lib.performance.spc.options import XmrOptions

__all__ = ("IMPROVEMENTS", "Xmr", "XmrOptions", "improvement", "xmr")
