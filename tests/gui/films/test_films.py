"""Films: the sessions between key frames, the encoders, and the command."""

import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal, localcontext
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QGuiApplication

from funjax_gui.cli import command
from funjax_gui.documents import animate
from funjax_gui.films import FilmRequest, encoders, film_file, key_frames
from funjax_gui.sessions import Session
from funjax_gui.sessions.session import save
from funjax_gui.style import colour_maps
from funjax_gui.tabs.bifurcation import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import Newton
from kernels.geometry import Viewport


def around(centre: Decimal, half: Decimal) -> tuple[Decimal, Decimal]:
    """The limits of a view, exactly."""
    with localcontext(prec=key_frames.PRECISION):
        return centre - half, centre + half


ONSET = Decimal("3.569945671870944901842005151386")
SIZE = 64, 48
WIDE = Session("bifurcation", bifurcation=Bifurcation(transient=20, samples=30, size=SIZE))
DEEP = WIDE.with_table(
    replace(WIDE.bifurcation, range=around(ONSET, Decimal("1e-6")), x=around(Decimal("0.5"), Decimal("0.01")), samples=60)
)
ENDS = WIDE, DEEP

digits = st.decimals(-10, 10, places=30)
halves = st.floats(-280, 1).map(lambda power: Decimal(10) ** Decimal(power))
views = st.tuples(digits, halves).map(lambda pair: around(*pair))


def film(path: Path, sessions: tuple[Session, ...] = ENDS, seconds: float = 0.5, fps: float = 10, **named: object) -> FilmRequest:
    return FilmRequest(sessions, path, seconds, fps, **named)  # type: ignore[arg-type]


def made(request: FilmRequest) -> list[str]:
    frames = [frame for frame in request.frames() if frame]
    assert [frame.progress for frame in frames] == sorted(frame.progress for frame in frames) and frames[-1].done
    assert not any(frame.done for frame in frames[:-1])
    return [frame.message for frame in frames]


# Between the key frames.


@settings(max_examples=40)
@given(old=views, new=views, share=st.floats(0, 1))
def test_a_flight_zooms_by_a_constant_factor_about_one_point(
    old: tuple[Decimal, Decimal], new: tuple[Decimal, Decimal], share: float
) -> None:
    low, high = key_frames.limits(old, new, share)
    with localcontext(prec=key_frames.PRECISION):
        widths = [float((b - a).ln()) for a, b in (old, (low, high), new)]
    assert widths[1] == pytest.approx(widths[0] + (widths[2] - widths[0]) * share, abs=1e-5)
    # Where the widths differ, one point has the same place in all views: the one that it has in the first and in the last.
    if abs(widths[2] - widths[0]) > 1e-3:
        with localcontext(prec=key_frames.PRECISION):
            first, last = old[1] - old[0], new[1] - new[0]
            place = (new[0] - old[0]) / (first - last)  # old[0] + place * first == new[0] + place * last
            fixed = old[0] + place * first
            assert abs((fixed - low) / (high - low) - place) < Decimal("1e-5") * (1 + abs(place))


@pytest.mark.parametrize("easing", sorted(key_frames.EASINGS))
def test_a_film_begins_and_ends_with_its_sessions(easing: str) -> None:
    three = (*ENDS, WIDE)
    assert [key_frames.at(three, share, easing) for share in (0, 0.5, 1)] == [WIDE, DEEP, WIDE]
    ease = key_frames.EASINGS[easing]
    shares = [ease(t) for t in np.linspace(0, 1, 50)]
    assert (shares[0], shares[-1]) == (0, 1) and shares == sorted(shares)


def test_numbers_change_evenly() -> None:
    first = Session("newton", newton=Newton("himmelblau", start=(0.0, 1.0), damping=0.5, at_step=0))
    last = Session("newton", newton=Newton("himmelblau", start=(2.0, -1.0), damping=1.0, at_step=8))
    table = key_frames.between(first, last, 0.25).newton
    assert (table.start, table.damping, table.at_step) == ((0.5, 0.5), 0.625, 2)
    first = Session("fixed-points", fixed_points=FixedPoints("logistic", (("a", 2.0),)))
    last = Session("fixed-points", fixed_points=FixedPoints("logistic", (("a", 4.0),)))
    assert key_frames.between(first, last, 0.75).fixed_points.parameters == (("a", 3.5),)


def test_a_deep_flight_is_smooth() -> None:
    """Each picture's width is the same share of that before, down to where no float tells its limits apart."""
    last = WIDE.with_table(replace(WIDE.bifurcation, range=around(ONSET, Decimal("1e-60"))))
    tables = [key_frames.at((WIDE, last), k / 20).bifurcation for k in range(21)]
    halves = [table.viewport.half_width for table in tables]
    assert np.allclose(np.diff(np.log(halves)), np.log(1e-60 / 0.3) / 20, rtol=1e-4)
    assert all(isinstance(table.viewport, Viewport) and 0 <= table.viewport.u_of(ONSET) <= 1 for table in tables)


# Bad input.


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"sessions": (WIDE,)}, "a film needs two sessions"),
        ({"sessions": (WIDE, replace(WIDE, tab="newton"))}, "a film shows one tab"),
        ({"sessions": (WIDE, WIDE.with_table(Bifurcation("sine")))}, "the sessions' map differ (logistic and sine)"),
        ({"seconds": 0.0}, "a number above 0"),
        ({"seconds": float("nan")}, "a number above 0"),
        ({"fps": 1000.0}, "at most 120"),
        ({"seconds": 0.1}, "give from 0.2 to 2000 seconds"),
        ({"seconds": 1e9}, "give from 0.2 to 2000 seconds"),
        ({"easing": "bouncy"}, "choose smooth or linear"),
        ({"path": Path("film.avi")}, ".mp4, .webp or .gif"),
        ({"path": Path("film.mp4"), "size": (63, 48)}, "63 x 48"),
        ({"path": Path("film.webp"), "size": (30_000, 20_000), "seconds": 500.0}, "save it as .mp4"),
        ({"path": Path(__file__).parent}, "give the name of a new folder"),
    ],
)
def test_bad_input_is_one_line(change: dict[str, object], line: str) -> None:
    fields = {"sessions": ENDS, "path": Path("film.webp"), "seconds": 1.0, "fps": 10.0} | change
    with pytest.raises(ValueError, match=r"\S") as raised:
        FilmRequest(**fields)  # type: ignore[arg-type]
    assert line in str(raised.value) and "\n" not in str(raised.value)


def test_what_an_encoder_needs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "find_spec", lambda _: None)
    with pytest.raises(ValueError, match="pip install imageio-ffmpeg, or give a name without suffix"):
        film(Path("film.mp4"))
    film(Path("new-folder"))


def test_a_film_without_ffmpeg_gets_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp: QGuiApplication) -> None:
    def fail() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", fail)
    with pytest.raises(ValueError, match="needs ffmpeg, which is not installed here"):
        made(film(tmp_path / "film.mp4"))
    assert list(tmp_path.iterdir()) == []


def test_the_plot_stays_in_its_place(qapp: QGuiApplication) -> None:
    request = film(Path("film"), size=(640, 400), seconds=2)
    assert (
        len(
            {
                (grid.columns, grid.rows)
                for n in range(request.count)
                for grid in [request.picture(n).exporter.compute(request.picture(n)).grid]
            }
        )
        == 1
    )


# The files.


def pictures_of(path: Path) -> list[np.ndarray]:
    """The pictures of a film, read by the libraries themselves."""
    if path.suffix == ".mp4":
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        data = subprocess.run(command, capture_output=True, check=True, timeout=600).stdout
        return list(np.frombuffer(data, np.uint8).reshape(-1, *SIZE[::-1], 3))
    if path.is_dir():
        return [np.asarray(Image.open(file).convert("RGB")) for file in sorted(path.iterdir())]
    with Image.open(path) as image:
        return [(image.seek(n), np.asarray(image.convert("RGB")))[1] for n in range(image.n_frames)]


@pytest.mark.parametrize("suffix", encoders.SUFFIXES)
def test_a_film_has_its_pictures(suffix: str, tmp_path: Path, qapp: QGuiApplication) -> None:
    path = tmp_path / f"film{suffix}"
    request = film(path, plain=True)
    messages = made(request)
    assert messages[0] == "picture 1 of 5" and messages[-1] == f"saved {path.name}, 5 pictures, 64 x 48"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    found = pictures_of(path)
    assert len(found) == 5
    for number in (0, 4):
        job = request.picture(number)
        buffer = BytesIO()
        job.exporter.write(buffer, list(job.exporter.compute(job).frames())[-1], job)
        exact = np.asarray(Image.open(buffer).convert("RGB")).astype(float)
        off = np.abs(found[number] - exact).mean()
        assert off < (25 if suffix else 1), "but for what the encoder loses, and the rounding of tones"
        others = [np.abs(found[4 - number] - exact).mean()]
        assert off < min(others) / 2


@pytest.mark.parametrize(("suffix", "after"), [*((suffix, 3) for suffix in encoders.SUFFIXES), (encoders.SUFFIXES[0], 1)])
def test_an_abandoned_film_leaves_nothing(suffix: str, after: int, tmp_path: Path, qapp: QGuiApplication) -> None:
    path = tmp_path / f"film{suffix}"
    frames = film(path).frames()
    while after:
        after -= next(frames) is not None
    frames.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_the_command(tmp_path: Path, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    for name, session in zip("ab", ENDS, strict=True):
        save(tmp_path / f"{name}.toml", session)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "funjax_gui", "animate", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=tmp_path)

    done = run("a.toml", "b.toml", "-o", "film", "--seconds", "0.2", "--fps", "10", "--size", "320x200")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    first, last = pictures_of(tmp_path / "film")
    assert first.shape == last.shape == (200, 320, 3)
    (tmp_path / "film.toml").write_text(
        'funjax = 1\n[film]\nkey-frames = ["a.toml", "b.toml"]\nseconds = 9\nfps = 10\nsize = [64, 48]\neasing = "linear"\n'
    )
    monkeypatch.chdir(tmp_path)  # what follows needs no process of its own
    assert command.run(["animate", "film.toml", "-o", "second", "--seconds", "0.2"]) == 0
    assert capfd.readouterr() == ("", "")
    assert [picture.shape for picture in pictures_of(tmp_path / "second")] == [(48, 64, 3)] * 2
    assert command.run(["animate", "a.toml", "-o", "other"]) == 2
    said = "funjax: " + "a film needs two sessions, its first picture and its last; give another one"
    assert capfd.readouterr() == ("", f"{said}\n")


def test_progress_is_told(tmp_path: Path, qapp: QGuiApplication) -> None:
    save(tmp_path / "a.toml", WIDE)
    shares: list[float] = []
    last = animate([tmp_path / "a.toml"] * 2, tmp_path / "film", shares.append, seconds=0.3, fps=10)
    assert last.done and shares[-1] == 1 and shares == sorted(shares)


# Steady tones.


def test_a_blend_is_the_tone_at_its_ends_and_keeps_a_count_s_level_between() -> None:
    rng = np.random.default_rng(1)
    first, last = rng.poisson(3.0, (40, 50)), rng.poisson(300.0, (40, 50)) * 1000
    fine = [colour_maps.levels(counts, "equalised", colour_maps.FINE) for counts in (first, last)]
    for share, counts in ((0.0, first), (1.0, last)):
        blended = colour_maps.levels(counts, colour_maps.Blend(*fine, share), 256)
        usual = colour_maps.levels(counts, "equalised", 256)
        assert blended.shift == usual.shift and np.abs(blended.index - usual.index).max() <= 1
    half = colour_maps.Blend(*fine, 0.5)
    small, large = (colour_maps.levels(counts, half, 256).index for counts in (np.arange(5)[None], np.arange(9)[None]))
    assert (small == large[:5]).all(), "whatever else is in the picture"
    assert half.curve(np.array([1e9])) == half.curve(np.array([1e8])), "beyond both"


def test_a_count_has_one_colour_in_all_pictures_of_a_film_that_stands_still(tmp_path: Path) -> None:
    still = WIDE.with_table(replace(WIDE.bifurcation, samples=31))
    request = film(tmp_path / "still", (WIDE, still), seconds=0.3, plain=True)
    made(request)
    pictures = [np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3) for path in sorted((tmp_path / "still").iterdir())]
    usual = next(frame for frame in WIDE.request(SIZE).frames() if frame is not None and frame.done)
    shades = {tuple(colour) for colour in pictures[0][usual.counts.ravel() == 1].tolist()}
    assert len(shades) == 1


# Film files.


def test_a_film_file_gives_key_frames_beside_it_and_fields(tmp_path: Path) -> None:
    for name, session in zip("ab", ENDS, strict=True):
        save(tmp_path / f"{name}.toml", session)
    path = tmp_path / "film.toml"
    path.write_text('funjax = 1\n[film]\nkey-frames = ["a.toml", "b.toml", "a.toml"]\nfps = 12.5\nsize = [64, 48]\n')
    assert film_file.read(path) == {"sessions": (WIDE, DEEP, WIDE), "fps": 12.5, "size": (64, 48)}
    assert film_file.read(tmp_path / "a.toml") is None, "that is a session"


def test_empty_lines_before_a_films_table_cost_nothing(tmp_path: Path) -> None:
    path, began = tmp_path / "film.toml", time.thread_time()
    path.write_text("\n" * 60_000 + "  [film]\n")
    with pytest.raises(ValueError, match="funjax"):
        film_file.read(path)
    path.write_text("\n" * 60_000)
    assert film_file.read(path) is None
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 2: key-frames is missing; give two or more session files"),
        ('key-frames = ["a.toml"]', "line 3: key-frames is "),
        ('key-frames = ["a.toml", "b.toml"]\nfps = 500', "line 4: fps is 500; give at most 120"),
        ('key-frames = ["a.toml", "b.toml"]\neasing = "slow"', "line 4: easing is 'slow'; it may be smooth, linear"),
        ('key-frames = ["a.toml", "b.toml"]\nspeed = 2', "line 4: unknown key 'speed' in [film]"),
    ],
)
def test_a_faulty_film_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "film.toml"
    path.write_text(f"funjax = 1\n[film]\n{text}\n")
    with pytest.raises(ValueError) as problem:
        film_file.read(path)
    assert str(problem.value).startswith(said)


def test_a_run_steps_over_its_fractal(tmp_path: Path, qapp: QGuiApplication) -> None:
    """The counts of a fractal are not a density, whose tones a film would blend."""
    first = Session("newton", newton=Newton(equations=("unity-3",), start=(0.5, 0.5), at_step=0))
    last = first.with_table(replace(first.newton, at_step=2))
    made(film(tmp_path / "steps", (first, last), 0.3, size=(90, 60), easing="linear", plain=True))
    pictures = [np.asarray(Image.open(path).convert("RGB")).astype(int) for path in sorted((tmp_path / "steps").iterdir())]
    changed = [(one != other).any(-1) for one, other in pairwise(pictures)]
    assert len(pictures) == 3 and all(0 < part.mean() < 0.2 for part in changed), "the path grows, the fractal stays"
