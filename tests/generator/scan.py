"""Documents printed and scanned: every page of a PDF as a picture without text, spoilt as scanners and desks spoil it."""

import io
import random
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image

STYLE = {
    "dpi": 200,
    "tilt": 0.0,  # degrees, clockwise
    "quarter": 0,  # quarter turns clockwise
    "noise": 0.0,  # standard deviation, gray values
    "blur": 0.0,  # standard deviation, pixels
    "paper": 255,  # gray of the paper
    "contrast": 1.0,  # of ink to paper
    "jpeg": 85,  # quality
    "gray": False,  # scanned in gray: a red seal is gray as well
    "seal": 0,  # seals on the page
    "fold": 0.0,  # darkness of the shadow of a book's fold on the left
    "faint": 0.0,  # share of pixels that thin strokes and rules lose
    "stamp": False,  # a black stamp over figures
    "handwriting": False,  # strokes of a pen beside the table
    "two_up": False,  # two pages side by side
    "perspective": 0.0,  # share of the width by which the upper edge is narrower: a photo
    "through": 0.0,  # darkness of the other side's print, which shines through the paper
    "shade": 0.0,  # darkness of the shadow that falls on one corner
}


def scanned_pages(pdf: Path, seed: int, **style) -> list[Image.Image]:
    """The pages of a PDF as pictures in a style of STYLE; the same input, the same pixels."""
    unknown = set(style) - set(STYLE)
    if unknown:
        raise ValueError(f"unknown style: {sorted(unknown)}")
    how = {**STYLE, **style}
    rng = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(pdf)
    try:
        clean = [np.asarray(page.render(scale=how["dpi"] / 72).to_pil().convert("RGB")) for page in document]
    finally:
        document.close()
    if how["two_up"]:
        clean = [_beside(clean[i : i + 2]) for i in range(0, len(clean), 2)]
    backs = [clean[number ^ 1] if number ^ 1 < len(clean) else clean[0] for number in range(len(clean))]
    return [_spoilt(page, back, how, rng) for page, back in zip(clean, backs, strict=True)]


def to_scan(pdf: Path, seed: int, path: Path, **style) -> int:
    """Write the scan as a PDF of pictures; the number of pages."""
    how = {**STYLE, **style}
    pages = scanned_pages(pdf, seed, **style)
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=how["dpi"], quality=how["jpeg"])
    return len(pages)


def to_pictures(pdf: Path, seed: int, path: Path, **style) -> int:
    """Write the scan as a picture file, its format by the suffix; a TIFF has all pages, others the first; the number of pages."""
    how = {**STYLE, **style}
    pages = scanned_pages(pdf, seed, **style)
    more = {"save_all": True, "append_images": pages[1:]} if path.suffix == ".tif" else {}
    pages[0].save(path, dpi=(how["dpi"],) * 2, **more, **({"quality": how["jpeg"]} if path.suffix == ".jpg" else {}))
    return len(pages) if more else 1


def by_hand(printed: Path, bare: Path, seed: int, path: Path, dpi: int = 200, shake: float = 2.2) -> int:
    """Write a scan of a form filled in by hand: the rules of `printed`, and the text of `bare`, its print without rules, in
    strokes that run as a hand runs (`shake`: points that they stray); the number of pages."""
    rng = np.random.default_rng(seed)
    ruled, texts = (scanned_pages(pdf, seed, dpi=dpi, jpeg=95) for pdf in (printed, bare))
    pages = []
    for page, text in zip(ruled, texts, strict=True):
        page, text = np.asarray(page.convert("L")), np.asarray(text.convert("L"))
        height, width = text.shape
        step = dpi / 72 * 3
        coarse = rng.normal(0, 1, (2, round(height / step), round(width / step))).astype(np.float32)
        strays = [
            cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) * shake * dpi / 72 for part in coarse
        ]
        down, across = np.mgrid[:height, :width].astype(np.float32)
        written = cv2.remap(text, across + strays[0], down + strays[1], cv2.INTER_LINEAR, borderValue=255)
        pages.append(Image.fromarray(np.minimum(written, np.where(text > 200, page, 255)).astype(np.uint8)))
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=75)
    return len(pages)


def random_style(seed: int) -> dict:
    """A scanner and a desk as they come: one to four faults, none that makes the page illegible.

    >>> random_style(3) == random_style(3)
    True
    """
    rng = random.Random(f"scan {seed}")
    how = {
        "dpi": rng.choice([150, 200, 200, 250, 300]),
        "jpeg": rng.choice([45, 60, 75, 90]),
        "gray": rng.random() < 0.5,
    }
    faults = {
        "tilt": rng.uniform(-2, 2), "noise": rng.uniform(2, 10), "blur": rng.uniform(0.3, 0.8), "paper": rng.randint(215, 250),
        "contrast": rng.uniform(0.6, 0.9), "seal": rng.randint(1, 2), "fold": rng.uniform(0.2, 0.5), "faint": rng.uniform(0.02, 0.1),
        "stamp": True, "handwriting": True, "quarter": rng.choice([1, 2, 3]),
    }  # fmt: skip
    for fault in rng.sample(list(faults), rng.randint(1, 4)):
        how[fault] = faults[fault]
    return how


def worse_style(seed: int) -> dict:
    """A worse scanner than `random_style`'s: one to three graver faults on top, two pages on a sheet among them.

    >>> worse_style(3) == worse_style(3) != random_style(3)
    True
    """
    rng = random.Random(f"worse scan {seed}")
    graver = {
        "tilt": rng.uniform(-3, 3), "noise": rng.uniform(6, 13), "blur": rng.uniform(0.5, 1.0), "paper": rng.randint(195, 235),
        "contrast": rng.uniform(0.5, 0.8), "seal": rng.randint(1, 3), "fold": rng.uniform(0.3, 0.6),
        "faint": rng.uniform(0.05, 0.15), "stamp": True, "handwriting": True, "two_up": True,
    }  # fmt: skip
    chosen = rng.sample(list(graver), rng.randint(1, 3))
    return {**random_style(seed), **{fault: graver[fault] for fault in chosen}, "jpeg": rng.choice([30, 45, 60, 75])}


def office_style(seed: int) -> dict:
    """An office's old machine or a telephone: print shines through, shadows fall, the page lies askew, little is kept.

    >>> office_style(3) == office_style(3) != worse_style(3)
    True
    """
    rng = random.Random(f"office scan {seed}")
    how = {
        "dpi": rng.choice([150, 150, 200, 200, 300]),
        "jpeg": rng.choice([30, 30, 45, 60]),
        "gray": rng.random() < 0.5,
    }
    faults = {
        "through": rng.uniform(0.08, 0.3), "shade": rng.uniform(0.2, 0.5), "tilt": rng.choice([-1, 1]) * rng.uniform(1, 3),
        "noise": rng.uniform(4, 12), "stamp": True, "seal": rng.randint(1, 2), "perspective": rng.uniform(0.002, 0.02),
        "blur": rng.uniform(0.4, 0.9), "contrast": rng.uniform(0.6, 0.9),
    }  # fmt: skip
    return {**how, **{fault: faults[fault] for fault in rng.sample(list(faults), rng.randint(2, 4))}}


def _beside(pages: list[np.ndarray]) -> np.ndarray:
    white = np.full_like(pages[0], 255)
    return np.hstack([pages[0], pages[1] if len(pages) > 1 else white])


def _spoilt(page: np.ndarray, back: np.ndarray, how: dict, rng: np.random.Generator) -> Image.Image:
    scale = how["dpi"] / 72
    picture = page.astype(np.float32)
    if how["through"]:
        other = cv2.resize(back[:, ::-1].astype(np.float32), page.shape[1::-1])
        picture *= 1 - how["through"] * (1 - cv2.GaussianBlur(other, (0, 0), 0.4 * scale) / 255)
    if how["faint"]:
        weak = rng.random(page.shape[:2]) < how["faint"]
        picture[weak] = 255 - (255 - picture[weak]) * 0.25
    for _ in range(how["seal"]):
        _multiply(picture, _seal(page.shape[:2], scale, rng), (225, 40, 45))
    if how["stamp"]:
        _multiply(picture, _stamp(page.shape[:2], scale, rng), (60, 60, 60))
    if how["handwriting"]:
        _multiply(picture, _handwriting(page.shape[:2], scale, rng), (40, 40, 90))
    if how["gray"]:
        picture[:] = picture @ np.array([0.299, 0.587, 0.114], np.float32)[:, None]
    picture = 255 - (255 - picture) * how["contrast"]
    picture *= how["paper"] / 255
    if how["fold"]:
        across = np.linspace(0, 1, page.shape[1])
        picture *= (1 - how["fold"] * np.exp(-(((across - 0.03) / 0.05) ** 2)))[None, :, None]
    if how["shade"]:
        down, across = np.ogrid[: page.shape[0], : page.shape[1]]
        near = np.clip(1.2 - (down / page.shape[0] + across / page.shape[1]), 0, 1)
        picture *= (1 - how["shade"] * near)[..., None]
    paper = float(how["paper"])
    height, width = page.shape[:2]
    if how["tilt"]:
        way = cv2.getRotationMatrix2D((width / 2, height / 2), -how["tilt"], 1.0)
        picture = cv2.warpAffine(picture, way, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,) * 3)
    if how["perspective"]:
        inset = how["perspective"] * width
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        seen = np.array([[inset, inset], [width - inset, 0], [width, height], [0, height - inset]], np.float32)
        way = cv2.getPerspectiveTransform(corners, seen)
        picture = cv2.warpPerspective(picture, way, (width, height), borderValue=(paper,) * 3)
    if how["blur"]:
        picture = cv2.GaussianBlur(picture, (0, 0), how["blur"])
    if how["noise"]:
        picture = picture + rng.normal(0, how["noise"], picture.shape[:2])[..., None]
    image = Image.fromarray(np.rot90(np.clip(picture, 0, 255).astype(np.uint8), -how["quarter"]).copy())
    if how["gray"]:
        image = image.convert("L")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=how["jpeg"])
    return Image.open(io.BytesIO(buffer.getvalue()))


def _multiply(picture: np.ndarray, mask: np.ndarray, colour: tuple[int, int, int]) -> None:
    """Ink printed over the page: what is dark below stays dark."""
    share = (mask.astype(np.float32) / 255)[..., None]
    picture *= 1 - share * (1 - np.array(colour, np.float32) / 255)


def _seal(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    radius = int(55 * scale)
    x, y = int(rng.uniform(0.3, 0.8) * shape[1]), int(rng.uniform(0.35, 0.8) * shape[0])
    cv2.circle(mask, (x, y), radius, 255, max(2, int(2.5 * scale)), cv2.LINE_AA)
    angles = np.deg2rad(np.arange(5) * 144 - 90)
    star = np.stack([x + 0.28 * radius * np.cos(angles), y + 0.28 * radius * np.sin(angles)], axis=1).astype(np.int32)
    cv2.fillPoly(mask, [star], 255, cv2.LINE_AA)
    return mask


def _stamp(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    x, y = int(rng.uniform(0.3, 0.7) * shape[1]), int(rng.uniform(0.3, 0.7) * shape[0])
    size = (int(75 * scale), int(24 * scale))
    cv2.rectangle(mask, (x, y), (x + size[0], y + size[1]), 255, max(1, int(1.4 * scale)))
    place = (x + int(4 * scale), y + int(17 * scale))
    cv2.putText(mask, "RECEIVED", place, cv2.FONT_HERSHEY_SIMPLEX, 0.4 * scale, 255, max(1, int(scale)), cv2.LINE_AA)
    return mask


def _handwriting(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> np.ndarray:
    """Strokes of a pen in the margin below or above the table."""
    mask = np.zeros(shape, np.uint8)
    y = rng.choice([0.02, 0.96]) * shape[0]
    x = rng.uniform(0.5, 0.7) * shape[1]
    for _ in range(4):
        steps = rng.normal(0, 5 * scale, (12, 2)).cumsum(axis=0)
        points = np.clip(steps, -9 * scale, 9 * scale) + np.array([x, y])
        cv2.polylines(mask, [points.astype(np.int32)], False, 255, max(1, int(0.8 * scale)), cv2.LINE_AA)
        x += 22 * scale
    return mask
