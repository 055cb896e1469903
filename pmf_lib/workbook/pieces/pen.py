"""Writes a matplotlib figure as SVG: its shapes and its texts as outlines, the same bytes for the same figure.

It knows what pictures of pages are made of: paths, markers and lines of text, clipped to rectangles. A figure with
anything else (an image, a hatch, a formula, a gradient) raises `BeyondError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.path import Path
from matplotlib.transforms import Transform

from pmf_lib.workbook.pieces import letters

POINTS = 72.0
"""An inch in points, in which SVG is written."""
DECIMALS = 2
CAPS = {"projecting": "square"}
"""Ends of lines as SVG calls them, where matplotlib has another word."""
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" stroke-linejoin="round"'
)


class BeyondError(NotImplementedError):
    """The figure has something that only matplotlib's own writer can draw."""


def written(figure: Figure) -> str:
    """The figure as SVG.

    Raises
    ------
    BeyondError
        It holds something else than paths, markers and plain text.
    """
    before = figure.dpi
    figure.dpi = POINTS
    try:
        pen = Pen(*(figure.get_size_inches() * POINTS).tolist())
        figure.draw(pen)
    finally:
        figure.dpi = before
    return pen.picture()


class Pen(RendererBase):
    """What matplotlib draws a figure with: gathers SVG elements in the order drawn, and shapes used again apart."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.drawn: list[str] = []
        self.kept: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def picture(self) -> str:
        """Everything drawn so far as one SVG."""
        width, height = f"{self.width:.8g}", f"{self.height:.8g}"
        size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
        parts = [f"{HEAD} {size}>", "<defs>", *self.kept.values(), "</defs>", *self.drawn, "</svg>\n"]
        return "\n".join(parts)

    def get_canvas_width_height(self) -> tuple[float, float]:
        """The picture's size in points."""
        return self.width, self.height

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """The room that a line of text takes, in points."""
        file, scale = _type(prop, ismath)
        room = letters.extent(s, file)
        return room.width * scale, room.height * scale, room.descent * scale

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803 (matplotlib's name)
    ) -> None:
        """A line or a filled shape; a value that is not there parts a line."""
        is_thinned = bool(rgbFace is None and path.should_simplify)
        found = path.cleaned(transform, remove_nans=True, simplify=is_thinned)
        shape = letters.outline(self._flipped(found.vertices), found.codes, DECIMALS)
        self.drawn.append(f'<path d="{shape}"{_attributes(_look(gc, rgbFace))}{self._clip(gc)}/>')

    def draw_markers(  # noqa: PLR0917 (as matplotlib calls it)
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803 (matplotlib's name)
    ) -> None:
        """A mark at each point of a path."""
        rim = marker_trans.transform(marker_path.vertices) * (1, -1)
        shape = letters.outline(rim, marker_path.codes, DECIMALS + 1)
        name = self._name("m", f'<path id="{{}}" d="{shape}"/>')
        ends = [part[-2:] for part, _ in path.iter_segments(trans, simplify=False) if len(part)]
        places = self._flipped(np.array(ends).reshape(-1, 2)).round(DECIMALS).tolist()
        uses = "".join(f'<use xlink:href="#{name}" x="{x:.8g}" y="{y:.8g}"/>' for x, y in places)
        self.drawn.append(f"<g{_attributes(_look(gc, rgbFace))}{self._clip(gc)}>{uses}</g>")

    def draw_text(  # noqa: PLR0917 (as matplotlib calls it)
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """A line of text as outlines."""
        file, scale = _type(prop, ismath)
        line = letters.line(s, file)
        for name, shape in line.glyphs:
            self.kept[name] = f'<path id="{name}" d="{shape}" transform="scale({1 / letters.UNITS})"/>'
        turn = f" rotate({-angle:.8g})" if angle else ""
        place = f"translate({x:.2f} {y:.2f}){turn} scale({scale:.6g} {-scale:.6g})"
        fill = _attributes(_face(gc, gc.get_rgb()))
        self.drawn.append(f'<g transform="{place}"{fill}{self._clip(gc)}>{line.uses}</g>')

    def draw_image(self, *args: Any, **more: Any) -> None:
        """Refused: no picture of a page has pixels."""
        raise BeyondError("an image")

    def draw_gouraud_triangles(self, *args: Any, **more: Any) -> None:
        """Refused: no picture of a page has a gradient."""
        raise BeyondError("a gradient")

    def start_filter(self) -> None:
        """Refused: no picture of a page has a filter."""
        raise BeyondError("a filter")

    def _flipped(self, places: Any) -> np.ndarray[Any, Any]:
        """Places counted down from the upper edge, as SVG counts them."""
        return np.asarray(np.array([0.0, self.height]) + places * (1, -1))

    def _name(self, kind: str, element: str) -> str:
        """The name of an element that is kept once, however often it is used; it has a place for the name."""
        if element not in self.names:
            name = f"{kind}{len(self.names) + 1}"
            self.names[element] = name
            self.kept[name] = element.format(name)
        return self.names[element]

    def _clip(self, gc: GraphicsContextBase) -> str:
        if gc.get_clip_path()[0] is not None:
            raise BeyondError("a clip that is no rectangle")
        box = gc.get_clip_rectangle()
        if box is None:
            return ""
        x, y, width, height = box.bounds
        sides = {"x": x, "y": self.height - y - height, "width": width, "height": height}
        rect = _attributes({name: f"{round(side, DECIMALS):.8g}" for name, side in sides.items()})
        name = self._name("p", f'<clipPath id="{{}}"><rect{rect}/></clipPath>')
        return f' clip-path="url(#{name})"'


def _type(prop: FontProperties, ismath: Any) -> tuple[str, float]:
    """The file of a font, and what a text laid out in it is scaled by."""
    if ismath:
        raise BeyondError("a formula")
    return findfont(prop), prop.get_size_in_points() / letters.SIZE


def _look(gc: GraphicsContextBase, face: Any) -> dict[str, str]:
    """How a shape is filled and its rim is drawn."""
    if gc.get_hatch() is not None or gc.get_sketch_params() is not None:
        raise BeyondError("a hatch or a sketch")
    return {**_face(gc, face), **_rim(gc)}


def _face(gc: GraphicsContextBase, face: Any) -> dict[str, str]:
    if face is None:
        return {"fill": "none"}
    alpha = gc.get_alpha() if gc.get_forced_alpha() else [*face, 1.0][3]
    return {"fill": to_hex(face[:3]), **_opacity("fill", alpha)}


def _rim(gc: GraphicsContextBase) -> dict[str, str]:
    width, colour = gc.get_linewidth(), gc.get_rgb()
    if not width:
        return {}
    alpha = gc.get_alpha() if gc.get_forced_alpha() else [*colour, 1.0][3]
    found = {"stroke": to_hex(colour[:3]), "stroke-width": f"{width:.6g}"}
    return {**found, **_opacity("stroke", alpha), **_dashes(gc), **_joints(gc)}


def _dashes(gc: GraphicsContextBase) -> dict[str, str]:
    offset, dashes = gc.get_dashes()
    if dashes is None:
        return {}
    parts = ",".join(f"{part:.6g}" for part in np.asarray(dashes).tolist())
    return {"stroke-dasharray": parts, **({"stroke-dashoffset": f"{offset:.6g}"} if offset else {})}


def _joints(gc: GraphicsContextBase) -> dict[str, str]:
    """How lines join and end, where it is not as it is by default."""
    joined, cap = str(gc.get_joinstyle()), str(gc.get_capstyle())
    found = {} if joined == "round" else {"stroke-linejoin": joined}
    return found if cap == "butt" else {**found, "stroke-linecap": CAPS.get(cap, cap)}


def _opacity(what: str, alpha: float) -> dict[str, str]:
    return {} if alpha == 1.0 else {f"{what}-opacity": f"{alpha:.6g}"}


def _attributes(found: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in found.items())
