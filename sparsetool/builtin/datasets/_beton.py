"""Files of ffcv: written with a folder's photographs, read one photograph at a time.

Reading goes through ffcv's reader, JPEG decoder and resizer, but not through its Loader, whose
random crops no seed fixes and which cannot start in the middle of an epoch. JPEG files are stored
as they are, not compressed again; what turbojpeg does not decode (CMYK, PNG) is stored as pixels.

Shapes: N photographs, S side of a view, in pixels.
"""

from __future__ import annotations

import functools
import importlib
import io
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import SparsetoolError

if TYPE_CHECKING:
    import numpy as np

    from . import _folders

INSTALL = (
    "ffcv is not installed; it is the extra sparsetool[ffcv] and builds from source on Linux: "
    "apt-get install -y --no-install-recommends g++ pkg-config libopencv-dev libturbojpeg0-dev "
    "&& pip install ffcv==1.0.2 pillow numba"
)
IMAGE, LABEL = "f0", "f1"  # ffcv's names of the first and second field
PAGE = 1 << 23  # bytes; ffcv writes in pages that must hold a photograph
JPEG = 0  # ffcv's mark of a photograph stored as JPEG; others are stored as pixels
CORNERS = 224 / 256  # of the shorter side, the centre that evaluation sees


def ffcv(module: str) -> Any:
    """A module of ffcv.

    Raises:
        SparsetoolError: It is not installed, or does not work.
    """
    try:
        return importlib.import_module(f"ffcv.{module}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        raise SparsetoolError(
            INSTALL if missing == "ffcv" else f"ffcv needs {missing}: pip install {missing}"
        ) from None
    except (ImportError, OSError) as error:  # built for other libraries than are here
        raise SparsetoolError(f"ffcv cannot be imported ({error}); install it again") from None


class Beton:
    """One file.

    Attributes:
        labels: int64 [N].
    """

    def __init__(self, path: Path) -> None:
        import numpy as np

        reader = ffcv("reader")
        self.path = path
        try:
            held = reader.Reader(str(path))
            self.labels = np.array(held.metadata[LABEL], dtype=np.int64)
            self._fields = held.metadata[IMAGE]
            table = np.sort(held.alloc_table, order="ptr")
            at = np.searchsorted(table["ptr"], self._fields["data_ptr"])
            self._sizes = table["size"][at]
            self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        except (AssertionError, ValueError, KeyError, IndexError, OSError) as error:
            raise SparsetoolError(
                f"{path} is no file that 'sparsetool data write-ffcv' wrote: {error}"
            ) from None

    def cropped(
        self, index: int, choose: Callable[[int, int], tuple[int, int, int, int]], side: int
    ) -> np.ndarray:
        """A part of a photograph, resized: uint8 [S, S, 3] (as `_folders.Folder.cropped`)."""
        import numpy as np

        pixels = self._decoded(index)
        top, left, height, width = choose(pixels.shape[0], pixels.shape[1])
        view = np.empty((side, side, 3), dtype=np.uint8)
        ffcv("libffcv").resize_crop(pixels, top, top + height, left, left + width, view)
        return view

    def centred(self, index: int, side: int, whole: int) -> np.ndarray:
        """The centre of a photograph: uint8 [S, S, 3] (as `_folders.Folder.centred`)."""

        def centre(height: int, width: int) -> tuple[int, int, int, int]:
            part = round(min(height, width) * side / whole)
            return (height - part) // 2, (width - part) // 2, part, part

        return self.cropped(index, centre, side)

    def _decoded(self, index: int) -> np.ndarray:
        """A whole photograph: uint8 [height, width, 3]."""
        import numpy as np

        field = self._fields[index]
        height, width, begin = (int(field[key]) for key in ("height", "width", "data_ptr"))
        stored = self._bytes[begin : begin + int(self._sizes[index])]
        if int(field["mode"]) != JPEG:
            return np.ascontiguousarray(stored).reshape(height, width, 3)
        pixels = np.empty((height, width, 3), dtype=np.uint8)
        size = (height, width)
        failed = ffcv("libffcv").imdecode(stored, pixels, *size, *size, 0, 0, 1, 1, False, False)
        if failed:
            raise SparsetoolError(f"{self.path}: ffcv cannot decode photograph {index}")
        return pixels


def write(source: _folders.Folder, path: Path) -> None:
    """Write one split of a folder of photographs, in its order.

    Args:
        source: The photographs.
        path: The file to write, which must not be there.

    Raises:
        SparsetoolError: ffcv is missing, a photograph cannot be decoded, or writing failed.
    """
    ffcv("writer")
    # Each is decoded here first: an exception in ffcv's own process would leave it waiting.
    largest = max(_stored(source, index)[3].nbytes for index in range(len(source.labels)))
    process = multiprocessing.get_context("fork").Process(
        target=_write, args=(source, path, largest)
    )
    process.start()
    try:
        process.join()
    finally:
        process.kill()
    if process.exitcode:
        raise SparsetoolError(f"ffcv could not write {path}: is the disk full?")


def _write(source: _folders.Folder, path: Path, largest: int) -> None:
    """The writing process: ffcv starts another and waits for it for ever, so it is watched."""
    threading.Thread(target=_end_if_one_ends, daemon=True).start()
    fields = ffcv("fields")
    image = fields.RGBImageField(write_mode="jpg")
    image.encode = _encode  # the class itself would compress every JPEG file again
    layout = {"image": image, "label": fields.IntField()}
    # One process, so that the same photographs give the same bytes.
    page = max(PAGE, 1 << (largest - 1).bit_length())
    module = ffcv("writer")
    module.tqdm = functools.partial(module.tqdm, disable=True)  # what is said is the verb's to say
    writer = module.DatasetWriter(str(path), layout, page_size=page, num_workers=1)
    writer.from_indexed_dataset(_Stored(source))


def _end_if_one_ends() -> None:
    children = set(multiprocessing.active_children())
    while not any(child.exitcode for child in children):
        time.sleep(0.02)
        children |= set(multiprocessing.active_children())
    os.kill(os.getpid(), signal.SIGKILL)


class _Stored:
    """What ffcv is given for each photograph: what is stored, and the label."""

    def __init__(self, source: _folders.Folder) -> None:
        self.source = source

    def __len__(self) -> int:
        return len(self.source.labels)

    def __getitem__(self, index: int) -> tuple[tuple[int, int, int, np.ndarray], int]:
        return _stored(self.source, index), int(self.source.labels[index])


def _stored(source: _folders.Folder, index: int) -> tuple[int, int, int, np.ndarray]:
    """Mode, height, width and the bytes of a photograph as they are stored."""
    import numpy as np
    from PIL import Image

    path = source.path(index)
    try:
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            if image.format == "JPEG" and image.mode in ("RGB", "L"):
                return JPEG, image.height, image.width, np.frombuffer(content, dtype=np.uint8)
            pixels = np.asarray(image.convert("RGB"))
            return 1, image.height, image.width, pixels.reshape(-1)
    except (OSError, SyntaxError, ValueError) as error:
        raise SparsetoolError(f"cannot decode {path}: {error}") from None


def _encode(
    destination: np.ndarray, stored: tuple[int, int, int, np.ndarray], malloc: Callable[..., Any]
) -> None:
    mode, height, width, content = stored
    destination["mode"], destination["height"], destination["width"] = mode, height, width
    destination["data_ptr"], storage = malloc(content.nbytes)
    storage[:] = content
