"""The pages that headings stand on, as LibreOffice lays the document out; Word itself may differ by a page."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from budgetperf.readers.office import laid_out, office


def pages_of_headings(path: Path, headings: Sequence[str]) -> list[int] | None:
    """The page of each heading, in order; None where LibreOffice is missing or does not find them all.

    >>> pages_of_headings(Path("none.docx"), [])
    []
    """
    if not headings:
        return []
    if office() is None:
        return None
    import pypdfium2

    with TemporaryDirectory(prefix="budgetperf-", ignore_cleanup_errors=True) as folder:
        source = shutil.copy(path, Path(folder) / "document.docx")
        made, _ = laid_out(Path(source), "pdf", Path(folder))
        if not made.is_file():
            return None
        document = pypdfium2.PdfDocument(made.read_bytes())
        try:
            placed = [(one.get_title(), one.get_dest()) for one in document.get_toc(max_depth=9)]
            outline = [("".join(title.split()), dest.get_index() + 1) for title, dest in placed if dest]
        finally:
            document.close()
    found, after = [], iter(outline)
    for heading in headings:
        wanted = "".join(heading.split())
        page = next((page for title, page in after if title == wanted), None)
        if page is None:
            return None
        found.append(page)
    return found
