"""What `evidence` and `show_page` give back: it shows itself in Jupyter and saves itself as PNG."""

import base64
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path

from budgetperf.evidence.table import CellTable, table_html, table_image
from budgetperf.tables.whole import written_whole


@dataclass(frozen=True, eq=False, repr=False)
class View:
    """caption: what is shown · notes: why not the page itself · images of a PDF, or tables of cells as read."""

    caption: str
    notes: list[str]
    images: list = field(default_factory=list)
    tables: list[CellTable] = field(default_factory=list)
    legend: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "\n".join([f"<{self.caption}>", *self.notes])

    def _repr_html_(self) -> str:
        head = "".join(f"<p>{escape(text)}</p>" for text in [self.caption, *self.notes])
        if self.images:
            start = f'<img style="max-width:100%" alt="{escape(self.caption)}" src="data:image/png;base64,'
            pictures = [f'{start}{_encoded(image)}">' for image in self.images]
            return head + "<br>".join(pictures)
        words = "".join(
            f'<span style="color:{colour}">■</span> {escape(word)}　' for word, colour in self.legend.items()
        )
        return head + (f"<p>{words}</p>" if words else "") + "".join(table_html(table) for table in self.tables)

    def _repr_png_(self) -> bytes | None:
        return _png(self.image()) if self.images else None  # tables are better as text

    def save(self, path: str | Path) -> Path:
        """Write the view as PNG; the path written (its suffix becomes .png). Folders are made."""
        path = Path(path)
        path = path if path.suffix.lower() == ".png" else path.with_name(path.name + ".png")
        with written_whole(path) as building:
            building.write_bytes(_png(self.image()))
        return path

    def image(self):
        """The view as one PIL image: pages, or tables of cells drawn, below each other."""
        from budgetperf.evidence.page import stack

        heading = [self.caption, *self.notes]
        return stack(self.images) if self.images else stack([table_image(t, heading) for t in self.tables])


def _png(image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _encoded(image) -> str:
    return base64.b64encode(_png(image)).decode("ascii")
