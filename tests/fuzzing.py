"""Documents with bytes changed at random, for the readers: each gives a reading or a reason, in bounded time and memory.

`benchmarks/fuzz.py` tries them for minutes; `tests/test_fuzz.py` tries a few, and the ones that once found a fault.
"""

import io
import random
import re
import resource
import signal
import time
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.docx import to_docx
from generator.html import to_html
from generator.pdf import to_pdf
from generator.text import to_text
from generator.truth import make_truth
from generator.xlsx import to_xlsx
from reportlab import rl_config

from budgetperf.pipeline.document import read_document

OFFICE = {"xlsx": to_xlsx, "docx": to_docx}
KINDS = ("text", "html", "mht", "pdf", *OFFICE)
SECONDS = 20  # of the processor, for documents of a page
MEGABYTES = 600
NUMBERS = [
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"1048577",
    b"2147483648",
    b"99999999999999999999",
    b"1e308",
    b"NaN",
    b"0.0000001",
    b"",
]
TOKENS = {
    "text": [b"\t", b"\n", b"\n\n", b"\f", b"\0", b"\xff\xfe", "合计".encode(), "≥".encode(), "\u2028".encode(), b"\xed\xa0\x80", b'"', b"," * 40],
    "html": [b"<table>", b"</table>", b"<td rowspan=99999 colspan=99999>", b"<tr>", b"<!--", b"<![CDATA[", b"&#x110000;", b"<style>", b"<meta charset=utf-7>", b"\0"],
    "mht": [b"--B", b"\n\n", b"Content-Transfer-Encoding: base64\n", b"=3D", b"charset=x", b"boundary=", b"\0"],
    "xml": [b"<a>", b"</a>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"]]>", b"<?x?>", b' r="XFD1048576"', b' ref="A1:XFD1048576"', b' t="s"', b' s="99999"',
            b"<w:tbl>", b"<w:tc>", b'<w:gridSpan w:val="99999"/>', b"\0", b"xmlns=''"],
    "pdf": [b"endobj", b"stream\n", b"endstream", b"<<", b">>", b"[", b"/Kids [1 0 R]", b"/Parent 1 0 R", b"/Length 3 0 R", b"/Filter /LZWDecode", b"/Rotate 91",
            b"/Encrypt 1 0 R", b"BT ET q Q ", b" re f ", b" 0 0 0 0 0 0 cm ", b"(\\", b"<ff", b"/Count -5"],
}  # fmt: skip


@cache
def document(kind: str) -> bytes:
    """A small right document of a kind, as bytes."""
    truth = make_truth(7, projects=2, units=1, layout="approval")
    if kind == "text":
        return to_text(truth, 7).encode()
    if kind == "html":
        return to_html(truth, 7).encode()
    if kind == "mht":
        head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html; charset=utf-8\n\n"
        return head + to_html(truth, 7, tidy=False).encode() + b"\n--B--\n"
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        if kind == "pdf":
            rl_config.pageCompression, kept = 0, rl_config.pageCompression
            to_pdf(truth, 7, path)
            rl_config.pageCompression = kept
        else:
            OFFICE[kind](truth, path)
        return path.read_bytes()


def mutated(kind: str, seed: int) -> bytes:
    """The document of the kind with some bytes changed, drawn from the seed."""
    return changed(document(kind), kind, seed)


def changed(data: bytes, kind: str, seed: int) -> bytes:
    """The data with some bytes changed; of Office files, also inside their parts."""
    rng = random.Random(f"fuzz {kind} {seed}")
    if kind not in OFFICE or rng.random() < 0.15 or not zipfile.is_zipfile(io.BytesIO(data)):
        return _changed(data, TOKENS.get(kind, TOKENS["xml"]), rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    others = rng.sample(sorted(parts), min(len(parts), rng.randint(1, 3)))
    for name in others + [name for name in parts if re.search(r"sheet1|document\.xml$", name)]:
        parts[name] = _changed(parts[name], TOKENS["xml"], rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # without the time of day
    return packed.getvalue()


def _changed(data: bytes, tokens: list[bytes], rng: random.Random) -> bytes:
    new = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        if not new:
            break
        at, length = rng.randrange(len(new)), rng.choice([1, 1, 4, 30, 400])
        how = rng.randrange(8)
        if how == 0:
            new[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            new[at : at + length] = rng.randbytes(length)
        elif how == 2:
            del new[at : at + length]
        elif how == 3:
            new[at:at] = new[at : at + length] * rng.choice([1, 2, 50])
        elif how == 4:
            new[at:at] = rng.choice(tokens) * rng.choice([1, 1, 1, 30])
        elif how == 5:
            numbers = list(re.finditer(rb"\d+", bytes(new[at : at + 2000])))
            if numbers:
                found = rng.choice(numbers)
                new[at + found.start() : at + found.end()] = rng.choice(NUMBERS)
        elif how == 6:
            other = rng.randrange(len(new))
            new[at : at + length] = new[other : other + length]
        elif rng.random() < 0.2:
            del new[at:]
    return bytes(new)


def fault(data: bytes, kind: str) -> str:
    """What is wrong with how the data are read: a fault of our own, time or memory without bound; "" where nothing is."""

    def out_of_time(*_):
        raise TimeoutError(f"more than {SECONDS} s")

    kept = signal.signal(signal.SIGVTALRM, out_of_time)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        dataset = read_document(f"a.{kind}", data, repair=True)
        told = dataset.findings["message"].str.cat(sep=" ")
    except BaseException as error:
        told = f"请反馈 raised {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, kept)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if "请反馈" in told:
        return told
    if time.process_time() - began > SECONDS:
        return f"{time.process_time() - began:.0f} s"
    return f"{more:.0f} MB" if more > MEGABYTES else ""
