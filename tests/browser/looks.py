"""Looks at a state of the page: says it its words, does it fit every width, and what has axe to say in both themes."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from playwright.async_api import Page
from playwright.async_api import TimeoutError as TooLate

from tests.browser.conftest import Visit

AXE = Path(__file__).parent.parent / "tools/node_modules/axe-core/axe.min.js"  # pinned there, and never shipped
WIDTHS = (360, 320, 768, 1120, 1440, 2560)  # it opens at the first
NO_AXE = {1120}  # laid out as 1440 is
LIGHT_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DARK_RULES = ["color-contrast", "link-in-text-block"]  # the page is the same, and all that looks at colours looks again
WIDER_EM = 0.075  # between two letters: their mean width is half an em, so a face of other shapes that is 15 % wider
PATIENCE_MS = 10_000

_AXE = """async ([theme, only]) => {
  document.documentElement.dataset.theme = theme;
  const { violations } = await axe.run({ runOnly: only, resultTypes: ["violations"], elementRef: false });
  const said = (id) => ({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map(said(id)));
}"""
_WIDER = """(em) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { letter-spacing: ${em}em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
_TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("dialog")]
  .map((one) => one.scrollWidth - one.clientWidth).filter((px) => px > 0)"""
_SAYS = "(words) => document.body.innerText.replace(/\\s+/g, ' ').includes(words)"


async def faults(seen: Visit, words: Sequence[str]) -> list[str]:
    """Return what is wrong with the page as it stands, in words; nothing where all is well."""
    found = await _unsaid(seen.page, words)
    await seen.page.evaluate(AXE.read_text())
    for width in WIDTHS:
        await _resize(seen, width)
        found += await _too_wide(seen.page, str(width))
        if width in NO_AXE:
            continue
        for theme, kind, values in (("light", "tag", LIGHT_TAGS), ("dark", "rule", DARK_RULES)):
            told = cast("list[str]", await seen.page.evaluate(_AXE, [theme, {"type": kind, "values": values}]))
            found += [f"{width}, {theme}: {one}" for one in told]
    await seen.page.evaluate(_WIDER, WIDER_EM)
    for width in WIDTHS:
        await _resize(seen, width)
        found += await _too_wide(seen.page, f"{width} with a wider face")
    strangers = await seen.strangers()
    return [*found, *seen.complaints, *(f"asked a stranger: {one}" for one in strangers)]


async def _unsaid(page: Page, words: Sequence[str]) -> list[str]:
    unsaid = []
    for one in words:
        try:
            await page.wait_for_function(_SAYS, arg=one, timeout=PATIENCE_MS)
        except TooLate:
            unsaid.append(f"unsaid: {one}")
    return unsaid


async def _resize(seen: Visit, width: int) -> None:
    await seen.page.set_viewport_size({"width": width, "height": 720})
    await seen.settle()


async def _too_wide(page: Page, at: str) -> list[str]:
    return [f"{px} px too wide at {at}" for px in cast("list[int]", await page.evaluate(_TOO_WIDE))]
