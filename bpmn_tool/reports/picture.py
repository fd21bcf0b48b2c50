"""From a matplotlib figure to bytes: SVG with text as text, PNG, PDF; the same bytes every time, no date, no machine.

Figures are made and written without pyplot, so that there is no global state. One unit of a figure is one CSS pixel
(72 to the inch, as matplotlib's SVG has it). An artist whose gid starts with :data:`MARK` becomes ``<g id="...">`` in
the SVG, with a ``<title>`` as its first child where one is given; all ids that matplotlib numbers itself are dropped.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape, unescape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from bpmn_tool.reports.palette import BLACK, GREY
from bpmn_tool.reports.text import FONT_FAMILY, FONT_STACK, plain

UNITS_PER_INCH = 72
#: put before a gid that is to become an id; no id of XML can hold the character
MARK = "id "

_SETTINGS: Any = {  # its type names every setting there is
    "svg.fonttype": "none",
    "svg.hashsalt": "bpmn-tool",
    "pdf.fonttype": 42,  # TrueType: text stays text
    "font.family": [FONT_FAMILY],
    "font.size": 12.0,
    "text.color": BLACK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "text.parse_math": False,  # a name may hold a dollar sign
    "figure.dpi": float(UNITS_PER_INCH),
    "savefig.dpi": "figure",
    "path.simplify": False,
    "lines.scale_dashes": False,  # dashes in pixels, whatever the thickness
}

_NUMBERED = re.compile(r'<g id="(?!id )[^"]*">')
_MARKED = re.compile(r'<g id="id ([^"]*)">')
_HEAD = re.compile(r"<\?xml.*?<svg [^>]*>", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_STYLE = re.compile(r"\s*<defs>\s*<style[^>]*>.*?</style>\s*</defs>", re.DOTALL)
_FAMILIES = re.compile(r"font-family: [^;\"]*")
_VIEW = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_TURN = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
_REFERENCE = re.compile(r'( id="|url\(#|xlink:href="#)')
_SPACE = re.compile(r"\s*\n\s*")


@contextmanager
def settings() -> Iterator[None]:
    """Fonts and lines of every figure of ours; to be in force while a figure is made and while it is written."""
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn by the reader's own fonts (SVG) or as boxes (PNG, PDF).
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many pixels; call it, and draw, inside :func:`settings`."""
    return Figure(figsize=(width / UNITS_PER_INCH, height / UNITS_PER_INCH), dpi=UNITS_PER_INCH)


def _canvas(kind: type[FigureCanvasBase], figure: Figure) -> Any:
    """What writes the figure; its methods have no types."""
    return kind(figure)


def svg(
    figure: Figure,
    *,
    title: str,
    description: str = "",
    titles: Mapping[str, str] | None = None,
    prefix: str = "",
    standalone: bool = True,
) -> str:
    """The figure as SVG text.

    `titles` holds a tooltip by id. `prefix` goes before every id, so that several pictures can stand in one HTML page.
    Without `standalone` there is no XML declaration, as HTML wants it.
    """
    buffer = io.StringIO()
    with settings():
        _canvas(FigureCanvasSVG, figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    return _tidied(buffer.getvalue(), title, description, titles or {}, prefix, standalone=standalone)


def _tidied(
    text: str, title: str, description: str, titles: Mapping[str, str], prefix: str, *, standalone: bool
) -> str:
    size = _VIEW.search(text)
    if size is None:
        raise AssertionError("matplotlib writes a viewBox")
    text = _METADATA.sub("", text, count=1)
    text = _STYLE.sub("", text, count=1)
    text = _NUMBERED.sub("<g>", text)
    if prefix:
        text = _REFERENCE.sub(rf"\g<1>{prefix}", text.replace('<g id="id ', '<g ID="')).replace(
            '<g ID="', f'<g id="id {prefix}'
        )
    text = _FAMILIES.sub(f"font-family: {FONT_STACK}", text)
    text = _TURN.sub("", text)
    text = _MARKED.sub(lambda found: _group(unescape(found.group(1)), titles, prefix), text)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img"'
        f' width="{size.group(1)}" height="{size.group(2)}" viewBox="0 0 {size.group(1)} {size.group(2)}"'
        f' stroke-linejoin="round"><title>{escape(title)}</title>'
    )
    if description:
        head += f"<desc>{escape(description)}</desc>"
    body = _SPACE.sub("\n", _HEAD.sub(lambda _match: head, text, count=1))
    body = "\n".join(map(plain, body.split("\n")))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}' if standalone else body


def _group(gid: str, titles: Mapping[str, str], prefix: str) -> str:
    element = gid.removeprefix(prefix)
    start = f'<g id="{escape(gid)}" data-element="{escape(element)}">'
    return f"{start}<title>{escape(titles[element])}</title>" if titles.get(element) else start


def write(figure: Figure, path: Path, make_svg: Callable[[], str], *, resolution: float = 144.0) -> None:
    """Write as the path's ending says: .svg by `make_svg`, .png at `resolution` dots for 72 units, .pdf.

    Raises ValueError for another ending.
    """
    match path.suffix.lower():
        case ".svg":
            path.write_text(make_svg(), encoding="utf-8", newline="\n")
        case ".png":
            with settings(), path.open("wb") as file:
                figure.set_dpi(resolution)
                _canvas(FigureCanvasAgg, figure).print_png(file, metadata={"Software": None})
        case ".pdf":
            with settings(), path.open("wb") as file:
                _canvas(FigureCanvasPdf, figure).print_pdf(
                    file, metadata={"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}
                )
        case other:
            raise ValueError(f"no picture format {other!r}: .svg, .png or .pdf")
