"""Open an HTML report in headless Chromium and measure it: no sideways scroll, no text cut off or on top of other text.

A developer's command, not part of the tests::

    python tests/visual/look.py report.html [--screenshots FOLDER]

It looks at 1400 and 400 pixels of width, once as it opens and once with everything unfolded, and exits 1 if it finds something.
"""

# ruff: noqa: T201, E501  it talks to whoever calls it, and holds a script in another language
import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WIDTHS = (1400, 400)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
MEASURE = """
const found = [];
const wide = document.documentElement.clientWidth;
const say = (what, element, more) => found.push({what, text: (element.textContent || "").trim().slice(0, 70), more});
if (document.documentElement.scrollWidth > wide) say("page scrolls sideways", document.body.firstElementChild, document.documentElement.scrollWidth);
const shown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
const meet = (a, b, by) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > by && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
const lines = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, owner = node.parentElement;
  if (!node.textContent.trim() || owner.closest("svg, style, script") || !shown(owner)) continue;
  const hidden = owner.closest(".cards thead");
  if (hidden && getComputedStyle(hidden).position === "absolute") continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {
    if (box.width < 1) continue;
    lines.push({box, owner});
    if (!owner.closest(".frame") && (box.right > wide + 1 || box.left < -1)) say("text beyond the page", owner, box.right);
  }
  for (let up = owner; up && up !== document.body; up = up.parentElement) {
    const style = getComputedStyle(up);
    if (style.overflowX === "hidden" && up.scrollWidth > up.clientWidth + 1) say("text cut off", up, up.scrollWidth - up.clientWidth);
  }
}
lines.sort((a, b) => a.box.top - b.box.top);
for (let i = 0; i < lines.length; i++)
  for (let j = i + 1; j < lines.length && lines[j].box.top < lines[i].box.bottom; j++)
    if (lines[i].owner !== lines[j].owner && meet(lines[i].box, lines[j].box, 2.5)) say("text on text", lines[i].owner, lines[j].owner.textContent.trim().slice(0, 60));
let pictures = 0, words = 0, smallest = 99;
for (const svg of document.querySelectorAll("svg")) {
  if (!shown(svg) || svg.getBoundingClientRect().width < 1) continue;
  pictures++;
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")].map(element => ({element, box: element.getBoundingClientRect()}));
  words += texts.length;
  for (const {element, box} of texts) {
    if (!svg.closest(".drawing")) smallest = Math.min(smallest, parseFloat(getComputedStyle(element).fontSize) * scale);
    if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) say("figure cuts text off", element, svg.closest("figure").id);
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < texts.length; i++)
    for (let j = i + 1; j < texts.length && texts[j].box.top < texts[i].box.bottom; j++)
      if (meet(texts[i].box, texts[j].box, 2.5 * scale)) say("text on text in " + svg.closest("figure").id, texts[i].element, texts[j].element.textContent);
}
const bare = [...document.querySelectorAll("figure")].filter(f => !f.querySelector("svg[role=img] > title") || !f.querySelector("details table"));
for (const figure of bare) say("figure without words or table", figure, figure.id);
parent.postMessage(JSON.stringify({wide, height: document.documentElement.scrollHeight, pictures, words, smallest, found}), "*");
"""
# Chromium's window is never narrower than 500 pixels, so that the page is looked at in a frame.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><style>body{{margin:0}}iframe{{border:0;display:block}}</style>
<iframe src="{page}" width="{width}" height="{height}"></iframe><script>
addEventListener("message", event => {{
  const result = document.createElement("pre");
  result.id = "measured";
  result.textContent = event.data;
  document.body.append(result);
}});
</script>"""


def chromium(page: Path, width: int, height: int, *more: str) -> str:
    """What the browser prints."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("no Chromium found")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program,
            *FLAGS,
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            *more,
            page.as_uri(),
        ]
        return subprocess.run(command, capture_output=True, check=True, text=True, timeout=120).stdout


def framed(page: Path, width: int, height: int, folder: Path) -> Path:
    """A page that shows another one at a width."""
    frame = folder / "frame.html"
    frame.write_text(FRAME.format(page=page.as_uri(), width=width, height=height), encoding="utf-8")
    return frame


def measured(report: Path, width: int, *, unfolded: bool, folder: Path) -> dict[str, Any]:
    """The page as Chromium lays it out; a script of ours is let in beside the page's own policy."""
    text = report.read_text(encoding="utf-8")
    text = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", text)
    if unfolded:
        text = text.replace("<details>", "<details open>")
    page = folder / f"{width}-{unfolded}.html"
    page.write_text(text.replace("</body>", f"<script>{MEASURE}</script></body>"), encoding="utf-8")
    dump = chromium(framed(page, width, 1000, folder), width, 1000, "--dump-dom", "--virtual-time-budget=5000")
    found = re.search(r'<pre id="measured">(.*?)</pre>', dump, re.DOTALL)
    if found is None:
        sys.exit("the page did not come up")
    result: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return result


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("report", type=Path)
    parser.add_argument("--screenshots", type=Path)
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        for width in WIDTHS:
            for unfolded in (False, True):
                result = measured(options.report.resolve(), width, unfolded=unfolded, folder=Path(scratch))
                print(
                    f"{width} px{' unfolded' if unfolded else ''}: page {result['wide']} x {result['height']}, {result['pictures']} pictures with "
                    f"{result['words']} texts, smallest in a figure {result['smallest']:.1f} px, {len(result['found'])} findings"
                )
                for finding in result["found"][:40]:
                    print(f"  {finding['what']}: {finding['text']!r} ({finding['more']})")
                bad += len(result["found"])
                if options.screenshots and not unfolded:
                    picture = options.screenshots / f"{width}.png"
                    frame = framed(options.report.resolve(), width, result["height"], Path(scratch))
                    chromium(frame, width, result["height"], f"--screenshot={picture}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
