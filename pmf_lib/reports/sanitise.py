"""The second net: whatever a notebook shows passes a closed list of elements and attributes before it is a page.

The first net is `pmf_lib.workbook.pieces.markup`, which escapes every text. This one holds for anything else that a cell may
show: no script, style, form or frame; no class of another's making; pictures only from within the page.
"""

from __future__ import annotations

import re

import nh3

_ELEMENTS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 "
    "hr i img ins kbd li ol p pre s samp section small span strong sub summary sup table tbody td tfoot th thead time "
    "tr ul var"
)
ELEMENTS = set(_ELEMENTS.split())
ATTRIBUTES = {
    "*": {"class", "id", "aria-label", "aria-labelledby", "aria-describedby", "aria-hidden"},
    "a": {"href"},
    "abbr": {"title"},
    "details": {"open"},
    "div": {"role", "tabindex"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"scope", "colspan", "rowspan"},
    "time": {"datetime"},
}
ROLES = ("region", "note", "group")
PICTURES = ("data:image/svg+xml;base64,", "data:image/png;base64,")
_OWN_CLASS = re.compile(r"pmf-[a-z0-9-]+")
_ID = re.compile(r"[A-Za-z][\w-]{0,80}")
_WITH_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")
_EMPTY_PICTURE = re.compile(r'<img(?![^>]*\ssrc=")[^>]*>')


def clean(html: str) -> str:
    """Markup with only what a page may hold; text is never lost, save inside script and style.

    >>> clean('<p onclick="x()">Hello <script>alert(1)</script><b>there</b></p>')
    '<p>Hello <b>there</b></p>'
    >>> clean('<img src="https://example.org/x.png" alt="a"><a href="javascript:x()">b</a>')
    '<a>b</a>'
    """
    kept = nh3.clean(
        html,
        tags=ELEMENTS,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    return _EMPTY_PICTURE.sub("", kept)


def _kept(element: str, attribute: str, value: str) -> str | None:
    """The attribute's value as it may stay, or None to drop it."""
    if attribute == "src":
        return value if value.startswith(PICTURES) else None
    if attribute == "href":
        is_data = _WITH_SCHEME.match(value) and not value.lower().startswith(("http:", "https:", "mailto:"))
        return None if is_data else value
    if attribute == "class":
        return " ".join(name for name in value.split() if _OWN_CLASS.fullmatch(name)) or None
    if attribute == "id":
        return value if _ID.fullmatch(value) else None
    if attribute == "role":
        return value if value in ROLES else None
    return value if attribute != "tabindex" or value == "0" else None
