"""The pages of the documentation: all are reached, and what they link to is there. `make docs` builds them."""

import inspect
import re
from pathlib import Path

import pytest

import kernels

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)|src=\"([^\"]+)\"")


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = re.findall(r"^[\w-]+$", (DOCS / "index.md").read_text("utf-8"), re.MULTILINE)
    pages = {path.stem for path in (*DOCS.glob("*.md"), *DOCS.glob("*.ipynb"))}
    assert sorted(listed) == sorted(pages - {"index"})


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    for target, _, source in LINK.findall(page.read_text("utf-8")):
        name = target or source
        assert name.startswith("https://") or (page.parent / name).exists(), name


def test_stars_in_docstrings_are_code() -> None:
    """Sphinx takes a star before a word for the beginning of emphasis."""
    shown = [getattr(kernels, name) for name in kernels.__all__]
    shown += [member for each in shown if isinstance(each, type) for member in vars(each).values()]
    texts = [inspect.getdoc(each) or "" for each in shown if callable(each) or isinstance(each, property)]
    assert len(texts) > 100
    assert [text for text in texts if re.search(r"(?<!\w)\*\w", re.sub(r"`[^`]*`", "", text))] == []
