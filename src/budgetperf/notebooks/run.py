"""Run the notebooks for a year or a unit, and keep them as .ipynb and as HTML without code."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from budgetperf.errors import InputError
from budgetperf.notebooks.folder import starter

NUMBERED = re.compile(r"\d\d_.+\.ipynb")
HIDDEN_IN_HTML = "interactive"  # tag of cells that need a running kernel
_MERMAID = re.compile(r'<script type="module">(?:(?!</script>).)*?mermaid(?:(?!</script>).)*</script>', re.DOTALL)
STARTING = 60  # seconds that a kernel may take to start


class Outcome(NamedTuple):
    """One notebook that was run: its file, its HTML page (None where it failed), what went wrong ("" if nothing)."""

    notebook: Path
    page: Path | None
    fault: str


def find_notebooks(folder: str | Path | None = None) -> list[Path]:
    """The numbered notebooks in `folder`; without it in ./notebooks, else in the project this package was taken from.

    Raises InputError where there are none.
    """
    places = [Path(folder)] if folder else [Path("notebooks"), starter() / "notebooks"]
    for place in places:
        if place.is_dir():
            found = sorted(path for path in place.iterdir() if NUMBERED.fullmatch(path.name))
            if found:
                return found
    raise InputError(
        f"{'、'.join(map(str, places[:1]))} 里没有笔记本（形如 01_allocation.ipynb）。没有写出任何文件。"
        "请在项目文件夹里运行，或用 --notebooks 指出它们所在的文件夹。"
    )


def run_notebooks(
    out: str | Path,
    *,
    data_folder: str | Path = "data/clean",
    year: int | None = None,
    unit: str | None = None,
    kind: str | None = None,
    folder: str | Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    bar: bool = False,
) -> list[Outcome]:
    """Execute every notebook with these parameters into `out`; one that fails does not stop the others.

    progress(done, total, name) is called before each; `bar` shows papermill's bar of cells.
    Raises InputError where there are no notebooks, or `out` is their own folder or cannot be written.
    """
    paths, out = find_notebooks(folder), Path(out)
    if out.resolve() == paths[0].parent.resolve():
        raise InputError(f"--out {out} 就是笔记本所在的文件夹，会覆盖它们。没有写出任何文件。请换一个文件夹。")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"无法写入文件夹 {out}（{error.strerror}）。没有写出任何文件。请换一个 --out 文件夹。"
        ) from error
    parameters = {"data_folder": str(Path(data_folder).resolve()), "year": year, "unit": unit, "kind": kind}
    outcomes = []
    for done, path in enumerate(paths):
        if progress:
            progress(done, len(paths), path.name)
        outcomes.append(_run(path, out / path.name, parameters, bar))
    if progress:
        progress(len(paths), len(paths), "")
    return outcomes


def _run(path: Path, target: Path, parameters: dict, bar: bool) -> Outcome:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    page = target.with_suffix(".html")
    page.unlink(missing_ok=True)  # a page of an earlier run must not pass for this one's
    backend = os.environ.pop("MPLBACKEND", None)  # the kernel's own: charts inside the notebook
    try:
        known = _parameters_of(path)
        given = {name: value for name, value in parameters.items() if name in known}
        papermill.execute_notebook(
            str(path),
            str(target),
            given,
            kernel_name="python3",
            language="python",
            cwd=str(path.parent),
            progress_bar={"desc": path.name, "leave": False} if bar else False,
            start_timeout=STARTING,
            extra_arguments=["--IPKernelApp.log_level=40"],  # no remarks of the kernel on our screen
        )
    except PapermillExecutionError as error:
        return Outcome(target, None, _fault(path, error))
    except Exception as error:  # a kernel that does not start, a notebook that is no notebook
        return Outcome(target, None, f"{path.name} 没有运行：{type(error).__name__}：{error}")
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    page.write_text(page_of(target), encoding="utf-8")
    return Outcome(target, page, "")


def _parameters_of(path: Path) -> set[str]:
    """The names that the cell tagged `parameters` sets."""
    import nbformat

    cells = nbformat.read(path, as_version=4).cells
    source = "\n".join(cell.source for cell in cells if "parameters" in cell.metadata.get("tags", []))
    return set(re.findall(r"^(\w+)\s*=", source, re.MULTILINE))


def _fault(path: Path, error) -> str:
    """Which cell failed and why, in one sentence with the cell's first line; counted in the notebook as it is kept."""
    import nbformat

    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    place = f"第 {sources.index(error.source) + 1} 个单元格" if error.source in sources else "参数单元格"
    reason = re.sub(r"\x1b\[[0-9;]*m", "", f"{error.ename}: {error.evalue}")
    lines = [line for line in error.source.strip().splitlines() if line.strip()]
    first = f"（{lines[0][:60]}）" if lines else ""
    return f"{path.name} {place}{first}出错：{reason}"


def page_of(notebook: Path) -> str:
    """HTML of an executed notebook: text, charts and tables, no code, nothing that is fetched from a network."""
    import nbformat
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.exclude_input = True
    config.HTMLExporter.exclude_input_prompt = config.HTMLExporter.exclude_output_prompt = True
    config.HTMLExporter.mathjax_url = config.HTMLExporter.require_js_url = ""
    config.HTMLExporter.embed_images = True
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {HIDDEN_IN_HTML}
    config.HTMLExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
    content = nbformat.read(notebook, as_version=4)
    content.metadata.pop("widgets", None)  # saved states of menus would ask a network for their program
    heads = [cell.source.splitlines()[0].lstrip("# ") for cell in content.cells if cell.source.startswith("# ")]
    content.metadata["title"] = heads[0] if heads else notebook.stem
    html, _ = HTMLExporter(config=config).from_notebook_node(content)
    html = re.sub(r'<script src="https?://[^"]*"></script>', "", html)
    html = _MERMAID.sub("", html)
    html = html.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    return re.sub(r'(href="[^":]+)\.ipynb"', r'\1.html"', html)  # the notebooks point to each other; so do the pages
