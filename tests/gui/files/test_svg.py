"""SVG files: what is written is read again, and nothing that a stranger's file holds is run, expanded or held without bounds."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from funjax_gui.files import png, svg

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = {"Title": "x → a x − a x²", "Description": "a < b & c", "funjax-session": "# α\n[t]\nkey = 'β'\n"}


def written(texts: dict[str, str], picture: np.ndarray | None = None, body: bytes = b"") -> bytes:
    file = io.BytesIO()
    svg.write(file, (40, 30), "#14161a", texts, picture, (5, 6), body)
    return file.getvalue()


def test_a_picture_lies_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "STRIP", 50)
    pixels = np.arange(7 * 11, dtype=np.uint32).reshape(7, 11) * 1234 | 0xFF000000
    root = ElementTree.fromstring(written(TEXTS, pixels, b'<path d="M0,0"/>'))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("40", "30", "0 0 40 30")
    assert [child.tag.removeprefix(SVG) for child in root] == ["title", "desc", "metadata", "rect", "image", "path"]
    image = root.find(f"{SVG}image")
    assert image is not None
    assert [image.get(name) for name in ("x", "y", "width", "height")] == ["5", "6", "11", "7"]
    kind, _, data = (image.get("{http://www.w3.org/1999/xlink}href") or "").partition(",")
    assert kind == "data:image/png;base64"
    read = QImage.fromData(base64.b64decode(data, validate=True)).convertToFormat(QImage.Format.Format_RGB32)
    found = np.frombuffer(read.constBits(), np.uint32).reshape(7, -1)[:, :11]
    np.testing.assert_array_equal(found, pixels)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
@example("]]> <!-- -- --> <![CDATA[ &amp; &#0; \t\n")
def test_texts_come_back(text: str) -> None:
    """All but what XML cannot hold, which comes back as TOML writes it."""
    data = written({"Title": "t", "one & <two>": text})
    ElementTree.fromstring(data)
    back = "".join(c if svg._UNSPEAKABLE.fullmatch(c) is None else f"\\u{ord(c):04X}" for c in text)
    assert svg.texts(io.BytesIO(data)) == {"Title": "t", "one & <two>": back}


@given(st.binary(max_size=60), st.integers(0, 700), st.integers(0, 20))
def test_of_damaged_files_there_is_no_more_than_what_is_sound(junk: bytes, place: int, length: int) -> None:
    whole = written(TEXTS)
    found = svg.texts(io.BytesIO(whole[:place] + junk + whole[place + length :]))
    assert all(len(text) < 1000 for text in found.values())
    assert svg.texts(io.BytesIO(junk)) == {}


def test_reading_ends_where_the_texts_end() -> None:
    """The pixels, which may be many, are not gone through."""
    file = io.BytesIO(written(TEXTS, np.zeros((3000, 3000), np.uint32)) + b"<<< no end")
    assert svg.texts(file) == TEXTS
    assert file.tell() <= png.HEAD


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:funjax="urn:funjax">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "laughs": (f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>{HEAD}<metadata><funjax:text name="s">&l11;</funjax:text></metadata></svg>', ""),
    "external": (f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>{HEAD}<funjax:text name="s">&e;</funjax:text></svg>', ""),
    "type": (f'<!DOCTYPE svg SYSTEM "http://example.org/a.dtd">{HEAD}<funjax:text name="s">a</funjax:text></svg>', ""),
    "undefined": (f'{HEAD}<metadata><funjax:text name="s">&undefined;</funjax:text></metadata></svg>', ""),
    "encoding": (f'<?xml version="1.0" encoding="no-such"?>{HEAD}<funjax:text name="s">\xff', ""),
    "deep": (HEAD, "<g>"),
    "many": (HEAD, "<g/>"),
    "attribute": (HEAD + '<g a="', "b" * 1000),
    "attributes": (HEAD + "<g ", 'a{}="" '),
    "namespaces": (HEAD + "<g ", 'xmlns:a{}="urn:{}" '),
    "long namespace": (f'<svg xmlns="{"n" * 10**6}">', "<g/>"),
    "long namespace, many attributes": (f'{HEAD}<g xmlns:p="{"n" * 10**6}" ', 'p:a{}="" '),
    "name": (HEAD + "<", "b" * 1000),
    "text": (HEAD + '<funjax:text name="s">', "a" * 1000),
    "references": (HEAD + '<funjax:text name="s">', "&#65;" * 100),
    "comment": (HEAD + "<!-- ", "a" * 1000),
    "processing": (HEAD + "<?a ", "a" * 1000),
    "data": (HEAD + '<funjax:text name="s"><![CDATA[', "]" * 1000),
    "texts": (HEAD, '<funjax:text name="s{}">a</funjax:text>'),
    "empty": ("", ""),
    "words": ("plain words", ""),
}
"""How a file begins, and what follows again and again; '{}' in it is a number."""


@pytest.mark.parametrize(("head", "part"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_read_no_farther_than_its_head(head: str, part: str) -> None:
    parts = 0 if not part else 3 * png.HEAD // 2 // len(part)
    filler = "".join(part.replace("{}", str(n)) for n in range(parts)) if "{}" in part else part * parts
    file = io.BytesIO((head + filler).encode())
    found = svg.texts(file)
    assert found == {} or part.startswith("<funjax:text")
    assert len(found) <= svg.MOST_ELEMENTS
    assert file.tell() <= png.HEAD


def test_no_more_elements_are_looked_at_than_a_file_of_ours_could_have() -> None:
    for part in ("<g>", "<g/>"):
        reader = svg._Reader()
        with pytest.raises(svg._Enough):
            reader.parser.Parse(HEAD + part * 100_000, False)
        assert reader._elements <= svg.MOST_ELEMENTS + 1 and reader._depth <= svg.DEEPEST + 1


def test_what_another_program_makes_of_it_is_read_too() -> None:
    """Prefixes and order changed, as an editor of pictures may."""
    text = (
        '<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns:q="urn:funjax"><s:metadata/><s:g/>'
        '<s:metadata xml:space="preserve"><q:text name="funjax-session">a = &quot;1&#10;&quot;</q:text></s:metadata></s:svg>'
    )
    assert svg.texts(io.BytesIO(text.encode()))["funjax-session"] == 'a = "1\n"'
