"""Our drawings beside those of bpmn-js, in one browser: where each element stands, which signs it has, where its words
are.

python -m benchmarks.beside_bpmn_js CORPORA [--files 20] [--pictures FOLDER]

Needs npm and Chromium. bpmn-js is installed into a folder of its own; a page shows one file by bpmn-js and our SVG of
it below, and measures both by the boxes that the browser gives. `place`: the outline of a node, or a whole line.
`sign`: whatever stands on a node beside its outline and its words. `words`: of a name inside its box, how far it stands
out of it; of one outside, whether it lies on its own node or on another one's words.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any, Final

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import ActivityBase, Event, Gateway, Lane, Model, Participant
from bpmn_tool.reports.diagram import diagram_svg, has_diagram

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
VIEWER: Final = "bpmn-js@18"
PIXEL: Final = 1.0
EXCUSED: Final = {
    "bpmn:DataObjectReference": "the fold of the page is a line of its own with us",
    "bpmn:DataStoreReference": "the rims of the drum are lines of their own with us",
    "bpmn:TextAnnotation": "a bracket; theirs has a box without a line as well",
    "bpmn:CallActivity": "theirs has the plus also where isExpanded says that it is open",
}

MEASURE: Final = """
const round = v => Math.round(v * 100) / 100;
const box = (els, origin) => {
  let r = null;
  for (const el of els) {
    const b = el.getBBox(), m = el.getCTM();
    if (!b.width && !b.height) continue;
    for (const [x, y] of [[b.x, b.y], [b.x + b.width, b.y], [b.x, b.y + b.height], [b.x + b.width, b.y + b.height]]) {
      const px = m.a * x + m.c * y + m.e - origin[0], py = m.b * x + m.d * y + m.f - origin[1];
      r = r ? [Math.min(r[0], px), Math.min(r[1], py), Math.max(r[2], px), Math.max(r[3], py)] : [px, py, px, py];
    }
  }
  return r && r.map(round);
};
const drawn = 'path, rect, circle, ellipse, polygon, polyline, line';
const style = el => el.getAttribute('style') || '';
const paper = el => /fill: ?#ffffff/.test(style(el)) && !/stroke: ?#/.test(style(el));
const outside = el => !el.closest('defs') && !el.closest('marker');
async function measure() {
  const out = {theirs: {}, ours: {}};
  const viewer = new BpmnJS({container: '#theirs'});
  const done = await viewer.importXML(XML);
  out.warnings = done.warnings.length;
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const layer = document.querySelector('#theirs .viewport').getCTM();
  const origin = [layer.e, layer.f];
  registry.forEach((element, gfx) => {
    const visual = gfx && gfx.querySelector('.djs-visual');
    if (!visual || element === canvas.getRootElement()) return;
    const pieces = [...visual.querySelectorAll(drawn)].filter(outside);
    const texts = [...visual.querySelectorAll('text')];
    const id = element.businessObject.id;
    const here = out.theirs[id] || (out.theirs[id] = {place: null, signs: null, words: null, pieces: 0});
    if (element.labelTarget) { here.words = box(texts, origin); here.label = true; return; }
    here.kind = element.type;
    if (!pieces.length) return;
    const connection = !!element.waypoints;
    const {x, y, width, height} = element;
    here.place = connection ? box([pieces[0]], origin) : [x, y, x + width, y + height];
    if (element.type === 'bpmn:TextAnnotation') here.place = box([pieces[1]], origin);
    here.outline = connection ? here.place : box([pieces[0]], origin);
    here.pieces = pieces.length;
    here.signs = connection ? null : box(pieces.slice(1), origin);
    if (texts.length) here.words = box(texts, origin);
  });
  for (const group of document.querySelectorAll('#ours [data-element]')) {
    const id = group.getAttribute('data-element');
    const of = id.replace(/-label$/, '');
    const here = out.ours[of] || (out.ours[of] = {place: null, signs: null, words: null, pieces: 0});
    const texts = [...group.querySelectorAll('text')];
    if (id !== of) { here.words = box(texts, [0, 0]); continue; }
    const pieces = [...group.querySelectorAll(drawn + ', use')].filter(outside).filter(el => !paper(el));
    here.place = pieces.length ? box([pieces[0]], [0, 0]) : null;
    here.all = box(pieces, [0, 0]);
    here.signs = box(pieces.slice(1), [0, 0]);
    here.pieces = pieces.length;
    if (texts.length) here.words = box(texts, [0, 0]);
  }
  return out;
}
measure().catch(e => ({failed: String(e)})).then(r => {
  const pre = document.createElement('pre');
  pre.id = 'measured';
  pre.textContent = JSON.stringify(r);
  document.body.appendChild(pre);
});
"""


@dataclass(slots=True)
class Beside:
    """What one file showed."""

    name: str
    elements: int = 0
    off: list[str] = field(default_factory=list)  # further than a pixel away
    unsigned: list[str] = field(default_factory=list)  # they draw a sign and we do not, or the other way round
    clipped: list[str] = field(default_factory=list)  # words that stand out of their box or lie on their node
    same: list[str] = field(default_factory=list)  # likewise with bpmn-js: so the file has it
    farthest: float = 0.0
    skipped: str = ""


def page(model: Model, xml: str, viewer: Path) -> str:
    """Theirs above, ours below."""
    ours = diagram_svg(model, standalone=False)
    said = json.dumps(xml).replace("</", "<\\/")
    style = "body{margin:0;background:#fff} #theirs{width:4000px;height:3000px} #ours svg{display:block}"
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><style>{style}</style>'
        f'<script src="{viewer.as_uri()}"></script></head><body><div id="theirs"></div><div id="ours">{ours}</div>'
        f"<script>const XML = {said};\n{MEASURE}</script></body></html>"
    )


def measured(browser: str, folder: Path, html: str) -> dict[str, Any]:
    """What the page found."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
        f"--user-data-dir={folder / 'profile'}", "--allow-file-access-from-files", "--virtual-time-budget=30000",
        "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180).stdout
    found = re.search(r'<pre id="measured">(.*?)</pre>', text, re.DOTALL)
    if found is None:
        return {"failed": "the page did not come to its end"}
    result: dict[str, Any] = json.loads(unescape(found.group(1)))
    return result


# -- what is to be the same


def judged(name: str, model: Model, found: dict[str, Any]) -> Beside:
    """Ours against theirs, once ours is moved to where theirs is."""
    beside = Beside(name=name)
    if "failed" in found:
        beside.skipped = str(found["failed"])
        return beside
    ours, theirs = found["ours"], found["theirs"]
    pairs = [(ours[i]["place"], t["place"]) for i, t in theirs.items() if t["place"] and i in ours and ours[i]["place"]]
    dx, dy = (median(t[axis] - o[axis] for o, t in pairs) for axis in (0, 1))
    for id_, their in sorted(theirs.items()):
        if not their["place"]:
            continue
        said = f"{their['kind'].removeprefix('bpmn:')} {id_}"
        our = ours.get(id_)
        if our is None or our["place"] is None:
            beside.off.append(f"{said}: not drawn by us")
            continue
        beside.elements += 1
        line = their["kind"].endswith(("Flow", "Association"))
        mine = _moved(our["all"] if line else our["place"], dx, dy)
        far = _apart(mine, their["place"]) if not line else _apart_line(mine, their["place"])
        beside.farthest = max(beside.farthest, far)
        if far > PIXEL:
            beside.off.append(f"{said}: {far:.1f} px away; theirs {their['place']}, ours {[round(v, 1) for v in mine]}")
        if not line and their["kind"] not in EXCUSED and bool(their["signs"]) != bool(our["signs"]):
            beside.unsigned.append(f"{said}: {'theirs alone' if their['signs'] else 'ours alone'}")
        if their["words"] and not our["words"]:
            beside.clipped.append(f"{said}: no words with us")
        if our["words"] and (why := _clipped(our, id_, ours, model)):
            same = their["words"] and _clipped(their, id_, theirs, model)
            (beside.same if same else beside.clipped).append(f"{said}: {why}")
    return beside


def _moved(box: list[float], dx: float, dy: float) -> list[float]:
    return [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy]


def _apart(a: list[float], b: list[float]) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def _apart_line(mine: list[float], theirs: list[float]) -> float:
    """Ours has its arrowhead and signs as pieces of its own, which stand out sideways; theirs are markers."""
    return max(0.0, mine[0] - theirs[0], mine[1] - theirs[1], theirs[2] - mine[2], theirs[3] - mine[3])


def _clipped(our: dict[str, Any], id_: str, ours: dict[str, Any], model: Model) -> str:
    """Words of a box stand in it; words beside a node do not lie on it, nor on the words of another element."""
    words, place = our["words"], our["place"]
    if isinstance(model.get(id_), ActivityBase | Participant | Lane):
        out = max(place[0] - words[0], place[1] - words[1], words[2] - place[2], words[3] - place[3])
        return f"words stand {out:.1f} px out of the box" if out > PIXEL else ""
    if _on_node(words, place, diamond=isinstance(model.get(id_), Gateway)) and isinstance(
        model.get(id_), Event | Gateway
    ):
        return "words lie on the node"
    for other, each in ours.items():
        if other > id_ and each["words"] and _meet(words, each["words"]) > 2 * PIXEL:
            return f"words lie on those of {other}"
    return ""


def _on_node(words: list[float], place: list[float], *, diamond: bool) -> bool:
    """Of a gateway the corners of its box are empty."""
    if _meet(words, place) <= PIXEL:
        return False
    middle = [(place[0] + place[2]) / 2, (place[1] + place[3]) / 2]
    nearest = [min(max(middle[axis], words[axis]), words[axis + 2]) - middle[axis] for axis in (0, 1)]
    reach = sum(abs(nearest[axis]) / max(place[axis + 2] - place[axis], 1) for axis in (0, 1))
    return not diamond or reach < 0.5


def _meet(a: list[float], b: list[float]) -> float:
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))


# -- the files


def kinds(model: Model) -> set[str]:
    """What there is to draw: each kind of element with its triggers, markers and loop."""
    found = set()
    for diagram in model.diagrams:
        for each in (*diagram.shapes, *diagram.edges):
            element = model.get(each)
            parts = [type(element).__name__, str(getattr(element, "kind", ""))]
            parts += sorted(str(d.kind) for d in getattr(element, "definitions", ()))
            loop = getattr(element, "loop", None)
            parts += [type(loop).__name__ + str(getattr(loop, "is_sequential", ""))] if loop is not None else []
            parts += [flag for flag in ("is_for_compensation", "triggered_by_event") if getattr(element, flag, False)]
            found.add(" ".join(parts))
    return found


def chosen(corpora: Path, count: int) -> Iterator[tuple[Path, Model]]:
    """Files of one diagram each, first those that show what no file before them does."""
    models = {}
    for path in sorted(corpora.rglob("*.bpmn")):
        try:
            model = read_model(path)
        except InputError:
            continue
        if has_diagram(model) and len(model.diagrams) == 1:
            models[path] = model
    seen: set[str] = set()
    while models and count:
        path = max(models, key=lambda each: (len(kinds(models[each]) - seen), len(models[each].flow_nodes)))
        model = models.pop(path)
        seen |= kinds(model)
        count -= 1
        yield path, model


def installed(folder: Path) -> Path:
    """The viewer's script."""
    subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), VIEWER], check=True)
    return folder / "node_modules" / "bpmn-js" / "dist" / "bpmn-viewer.production.min.js"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--viewer", type=Path, help="the script of a viewer that is there already")
    parser.add_argument("--pictures", type=Path, help="a picture of each page goes into this folder")
    said = parser.parse_args()
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium was found")
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        viewer = said.viewer or installed(folder)
        for path, model in chosen(said.corpora, said.files):
            html = page(model, path.read_bytes().decode("utf-8", "replace"), viewer.resolve())
            each = judged(str(path.relative_to(said.corpora)), model, measured(browser, folder, html))
            wrong += len(each.off) + len(each.unsigned) + len(each.clipped)
            show(each)
            if said.pictures is not None:
                picture(browser, folder, said.pictures / f"{path.stem}.png")
    sys.stdout.write(f"{wrong} differences\n")
    return min(wrong, 1)


def show(each: Beside) -> None:
    if each.skipped:
        sys.stdout.write(f"{each.name}: not compared: {each.skipped}\n")
        return
    counts = f"{len(each.off)} off, {len(each.unsigned)} signs, {len(each.clipped)} words"
    counts += f" ({len(each.same)} with bpmn-js too)" if each.same else ""
    sys.stdout.write(f"{each.name}: {each.elements} elements, farthest {each.farthest:.2f} px; {counts}\n")
    for line in (*each.off, *each.unsigned, *each.clipped):
        sys.stdout.write(f"    {line}\n")
    sys.stdout.flush()


def picture(browser: str, folder: Path, path: Path) -> None:
    """The page that was just measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
        f"--user-data-dir={folder / 'profile'}", "--allow-file-access-from-files", "--virtual-time-budget=30000",
        "--window-size=2200,4600", f"--screenshot={path.resolve()}", (folder / "page.html").as_uri(),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=180)


if __name__ == "__main__":
    sys.exit(main())
