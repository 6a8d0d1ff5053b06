"""Links of the book and of the README that lead to files and headings of this repository: each has to be there.

python3 docs/book/check-links.py
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "docs/book/src"
OWN = "https://github.com/mcpwright/mcpwright/"
INCLUDE = re.compile(r"\{\{#include ([^}:]+)\}\}")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^([ \t]*)```.*?^\1```", re.M | re.S)


def text(path: pathlib.Path) -> str:
    """A page without its code, with what it includes."""
    source = FENCE.sub("", path.read_text())
    return INCLUDE.sub(lambda found: FENCE.sub("", (path.parent / found[1]).read_text()), source)


def anchors(path: pathlib.Path) -> set[str]:
    found = set()
    for line in text(path).splitlines():
        if line.startswith("#"):
            title = line.lstrip("# ")
            if named := re.search(r"\{#([^}]+)\}$", title):
                found.add(named[1])
                title = title[: named.start()]
            words = re.sub(r"[^\w\- ]", "", title.strip().lower())
            found.add(words.replace(" ", "-"))
    return found


def faults(path: pathlib.Path) -> list[str]:
    found = []
    for link in LINK.findall(text(path)):
        target, _, anchor = link.partition("#")
        if target.startswith(OWN):
            parts = target.removeprefix(OWN).split("/", 2)
            # Pages of the hosting, such as releases, are no files.
            if parts[0] in ("blob", "tree") and not (ROOT / parts[2]).exists():
                found.append(link)
            continue
        if re.match(r"[a-z]+:", target):
            continue
        file = path if not target else (path.parent / target).resolve()
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            found.append(link)
    return [f"{path.relative_to(ROOT)}: {link} leads nowhere" for link in found]


summary = {(SOURCE / link).resolve() for link in LINK.findall((SOURCE / "SUMMARY.md").read_text())}
pages = sorted(SOURCE.rglob("*.md"))
said = [fault for page in [*pages, ROOT / "README.md", ROOT / "RELEASING.md"] for fault in faults(page)]
said += [f"{page.relative_to(ROOT)} is not in SUMMARY.md" for page in pages if page not in summary and page.name != "SUMMARY.md"]
print("\n".join(said) or f"the links of {len(pages) + 2} pages lead to what is there")
sys.exit(bool(said))
