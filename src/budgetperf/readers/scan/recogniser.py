"""Pictures of single lines of print → text with a confidence a character, and what else each character may be.

The model is the one that rapidocr carries inside its package (PP-OCR, Apache-2.0); onnxruntime runs it. Nothing is
downloaded. It is run here without rapidocr's own pipeline, because that keeps only the best reading of a line.
"""

import os
from functools import cache
from importlib import resources, util
from itertools import groupby
from typing import NamedTuple

import numpy as np

HEIGHT = 48  # pixels: the height of a line that the model was trained on
LEAST_WIDTH = 320  # with less paper behind it the model takes ≥ for z
BATCH_PIXELS = 4_000  # of the lines' widths in one run together
LEAST_OTHER = 0.005  # probability from which another character counts as an alternative
MOST_OTHERS = 4
MOST_THREADS = 4
GPU = ("CUDAExecutionProvider", "CoreMLExecutionProvider", "DmlExecutionProvider")
INSTALL = 'pip install "budgetperf[ocr]"'


class Spotted(NamedTuple):
    """A recognised character: where in its line (0 left, 1 right), how sure, and (character, probability) of others."""

    text: str
    at: float
    confidence: float
    others: tuple[tuple[str, float], ...]


def is_installed() -> bool:
    """Whether the extra `budgetperf[ocr]` is there."""
    return util.find_spec("rapidocr") is not None and util.find_spec("onnxruntime") is not None


def recognise(lines: list[np.ndarray]) -> list[list[Spotted]]:
    """The characters of each line's picture (gray, dark on light), left to right; similar widths are read together."""
    scaled = [_scaled(line) for line in lines]
    order = sorted(range(len(lines)), key=lambda i: scaled[i].shape[1])
    found: list[list[Spotted]] = [[] for _ in lines]
    batch: list[int] = []
    for place, index in enumerate(order):
        batch.append(index)
        following = order[place + 1] if place + 1 < len(order) else None
        if following is None or (len(batch) + 1) * max(scaled[following].shape[1], LEAST_WIDTH) > BATCH_PIXELS:
            for i, signs in zip(batch, _run([scaled[i] for i in batch]), strict=True):
                found[i] = signs
            batch = []
    return found


def _scaled(line: np.ndarray) -> np.ndarray:
    import cv2

    height, width = line.shape
    wide = max(8, round(width * HEIGHT / height))
    return cv2.resize(line, (wide, HEIGHT), interpolation=cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC)


def _run(lines: list[np.ndarray]) -> list[list[Spotted]]:
    session, characters = _model()
    width = max(LEAST_WIDTH, *(line.shape[1] for line in lines))
    block = np.zeros((len(lines), 3, HEIGHT, width), dtype=np.float32)
    for number, line in enumerate(lines):
        block[number, :, :, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1
    chances = session.run(None, {session.get_inputs()[0].name: block})[0]
    return [_signs(chance, characters, width / line.shape[1]) for chance, line in zip(chances, lines, strict=True)]


def _signs(chances: np.ndarray, characters: list[str], stretch: float) -> list[Spotted]:
    """The likeliest character of each run of steps that have one in common (0 is none)."""
    best = chances.argmax(axis=1)
    signs, step = [], 0
    for kind, run in groupby(best.tolist()):
        first, step = step, step + len(list(run))
        if kind == 0:
            continue
        peak = first + int(chances[first:step, kind].argmax())
        chance = chances[peak]
        others = [i for i in np.argsort(chance)[::-1][: MOST_OTHERS + 1] if i != kind and chance[i] >= LEAST_OTHER]
        signs.append(
            Spotted(
                characters[kind],
                min(1.0, (peak + 0.5) / len(chances) * stretch),
                round(float(chance[kind]), 4),
                tuple((characters[i], round(float(chance[i]), 4)) for i in others),
            )
        )
    return signs


@cache
def _model():
    """The session and its characters; few threads, and none that waits busily: other documents are read beside."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # its pool grows with the widest line and is never given back
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    there = onnxruntime.get_available_providers()
    providers = [name for name in GPU if name in there] + ["CPUExecutionProvider"]
    models = resources.files("rapidocr") / "models"
    name = next(entry.name for entry in models.iterdir() if "_rec_" in entry.name and entry.name.endswith(".onnx"))
    with resources.as_file(models / name) as path:
        session = onnxruntime.InferenceSession(str(path), options, providers=providers)
    listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *listed, " "]
