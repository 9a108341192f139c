"""A notebook run here and now: quicker than a kernel."""

from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat

from budgetperf.notebooks import show


def text_in_process(notebook: Path, monkeypatch, **parameters) -> str:
    """What the cells of a notebook show, run one after the other here and now: quicker than a kernel."""
    shown = []
    monkeypatch.setattr(show, "display", lambda *things: shown.extend(getattr(t, "data", None) or "" for t in things))
    monkeypatch.setattr("itables.show", lambda frame, **_: shown.append(frame.to_string()))
    monkeypatch.setattr("itables.init_notebook_mode", lambda **_: None)
    names: dict = {}
    with matplotlib.rc_context():
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
                names |= parameters if "parameters" in cell.metadata.get("tags", []) else {}
        for number in plt.get_fignums():
            shown += [text.get_text() for ax in plt.figure(number).axes for text in ax.texts]
    plt.close("all")
    return "\n".join(shown)
