"""Encoders of films: each takes pictures one by one, as PNG files in memory, and leaves one file, or a folder of pictures, at the end.

`imageio-ffmpeg` brings the program ffmpeg for MP4, Pillow writes WebP and GIF; both come with the extra `film`. Without it films are
folders of PNG files.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from funjax_gui.export import Size
from funjax_gui.files import atomic_write, failure_reason

Add = Callable[[bytes], object]
"""Takes the next picture, a PNG file."""

SUFFIXES = (".mp4", ".webp", ".gif", "")
"""Suffixes of the formats; a path without one is a folder of numbered PNG files."""

MODULES = {".mp4": ("imageio_ffmpeg",), ".webp": ("PIL",), ".gif": ("PIL",), "": ()}
"""What each format needs."""

MP4_OPTIONS = (
    *("-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart"),
    *("-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
)
"""What browsers and projectors' players show, with the index at the front, colours as they are, and no blocks in a density's speckle."""

WEBP_QUALITY = 85


def check(path: Path, size: Size) -> None:
    """Raise ValueError, in one line, where no encoder is there for the suffix of `path`, or not for the size."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{str(path)!r}: a film is .mp4, .webp or .gif, or a folder of pictures, which has no suffix")
    if missing := [module for module in MODULES[suffix] if find_spec(module) is None]:
        named = " ".join("pillow" if module == "PIL" else module.replace("_", "-") for module in missing)
        raise ValueError(f"{suffix} needs {named}, not installed here; run pip install {named}, or give a name without suffix: a folder")
    if suffix == ".mp4" and any(side % 2 for side in size):
        raise ValueError(f"an .mp4 has an even width and height, and {size[0]} x {size[1]} has not; change the size by a pixel")
    if not suffix and path.exists():
        raise ValueError(f"{str(path)!r} is there already; give the name of a new folder")


def encoder(path: Path, size: Size, fps: float) -> AbstractContextManager[Add]:
    """A context that gives the function to add pictures; the film is at `path` when it ends well, and nothing is left there otherwise."""
    suffix = path.suffix.lower()
    if not suffix:
        return _folder(path)
    return _mp4(path, size, fps) if suffix == ".mp4" else _animated(path, suffix, fps)


@contextmanager
def _folder(path: Path) -> Iterator[Add]:
    draft = path.with_name(f".funjax-{secrets.token_hex(6)}.part")
    try:
        draft.mkdir()
        count = 0

        def add(picture: bytes) -> None:
            nonlocal count
            count += 1
            (draft / f"{count:05}.png").write_bytes(picture)

        yield add
        os.rename(draft, path)
    except OSError as error:
        raise failure_reason(error, path, "written") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _animated(path: Path, suffix: str, fps: float) -> Iterator[Add]:
    from PIL import Image

    pictures: list[Image.Image] = []
    with atomic_write(path) as file:
        # Opened only: the pixels of each are unpacked when it is written.
        yield lambda picture: pictures.append(Image.open(BytesIO(picture)))
        options: dict[str, Any] = {"save_all": True, "append_images": pictures[1:], "duration": round(1000 / fps), "loop": 0}
        if suffix == ".webp":
            options |= {"quality": WEBP_QUALITY, "method": 4}
        pictures[0].save(file, suffix[1:].upper(), **options)


@contextmanager
def _mp4(path: Path, size: Size, fps: float) -> Iterator[Add]:
    import imageio_ffmpeg

    try:
        program = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError:
        raise ValueError("a film as .mp4 needs ffmpeg, which is not installed here; install it, or save as .webp, or as a folder") from None
    with tempfile.TemporaryDirectory(prefix="funjax-film-") as folder, atomic_write(path) as file:
        draft = Path(folder) / "film.mp4"
        command = [program, "-loglevel", "error", "-f", "image2pipe", "-framerate", f"{fps:g}"]
        command += ["-c:v", "png", "-i", "-", *MP4_OPTIONS, str(draft)]
        # Not by imageio's writer: it forks, which is unsafe beside JAX's threads.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stdin is not None and process.stderr is not None
        try:
            yield process.stdin.write
            _, complaint = process.communicate()
        except BrokenPipeError:
            complaint = process.stderr.read()
        finally:
            process.kill()
            for stream in (process.stdin, process.stderr):
                with suppress(BrokenPipeError):
                    stream.close()
            process.wait()
        if process.returncode:
            reason = complaint.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
            raise ValueError(f"ffmpeg could not encode the film: {reason[0]}; save it as .webp, or as a folder")
        _copy(draft, file)


def _copy(draft: Path, file: IO[bytes]) -> None:
    with draft.open("rb") as film:
        shutil.copyfileobj(film, file)
