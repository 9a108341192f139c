"""Inside a notebook: open a build, show frames as tables to search and sort, pick a row and see where it was printed.

Nothing here needs a network: the tables' program is put into the notebook, the widgets come with JupyterLab.
"""

import base64
import re
from dataclasses import replace
from decimal import Decimal
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown, display

import budgetperf
from budgetperf import charts, profiles
from budgetperf.errors import InputError
from budgetperf.evidence import show_cell
from budgetperf.profiles.base import project_rows
from budgetperf.report.web import CONTROLS
from budgetperf.tables.dataset import Dataset
from budgetperf.tables.stored import holds_builds, open_builds

LARGEST = "24MB"  # of a table's text in the notebook; beyond it, itables says that it shows a part
MOST = 5_000  # rows of a table in the notebook; nobody pages through more
PICKED = 2_000  # projects in one menu; of more those of one unit at a time
_NUMBER = re.compile(r"-?[0-9,]*\.?[0-9]*")
AROUND = 2  # rows of print shown above and below the row in question


# ---- opening ---------------------------------------------------------------------------------------------------------


def open_data(
    data_folder: str | Path, year: int | None = None, unit: str | None = None, kind: str | None = None
) -> Dataset:
    """What `profiles.choose` takes of the build in `data_folder`, with one sentence about it; prepares the notebook.

    Where nothing was built or nothing fits, the sentence says so and the dataset is empty: the notebook goes on.
    """
    whole = open_all(data_folder)
    if whole.documents.empty:
        return whole
    dataset = profiles.choose(whole, year=year, unit=unit, kind=kind)
    display(Markdown(_opened(whole, dataset, year, unit)))
    return dataset


def open_all(data_folder: str | Path, unit: str | None = None) -> Dataset:
    """The whole build in `data_folder`, or all builds below it, of a unit; a sentence where nothing was built.

    Of several builds a table is read where it is asked for, no more of it than that.
    """
    _prepare()
    try:
        return profiles.select(
            open_builds(data_folder) if holds_builds(data_folder) else budgetperf.load(data_folder), unit=unit
        )
    except InputError as missing:
        display(Markdown(f"**还没有数据。** {missing} 以下各节为空。"))
        return Dataset.empty()


def _prepare() -> None:
    import itables

    charts.use_theme()
    itables.init_notebook_mode(all_interactive=False, connected=False)
    display(HTML("<style>.dataTable th, .dataTable td {min-width: 3em}</style>"))  # a word of two characters and more
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")
    except (ImportError, AttributeError, KeyError):  # outside a notebook there is no format to set
        pass


def _opened(whole: Dataset, dataset: Dataset, year, unit) -> str:
    if dataset.columns("projects", "project_no").empty:
        asked = "、".join(filter(None, [f"{year} 年" if year else "", f"单位“{unit}”" if unit else ""]))
        there = whole.columns("projects", "fiscal_year", "unit_name")
        years = "、".join(str(int(y)) for y in sorted(set(there["fiscal_year"].dropna())))
        units = there["unit_name"].dropna().unique().tolist()
        shown = "、".join(units[:10]) + ("……" if len(units) > 10 else "")
        reason = f"**没有{asked}的项目。** " if asked else "**这次构建里没有项目。** "
        return f"{reason}以下各节为空。现有年度：{years or '无'}；现有单位：{shown or '无'}。"
    found = profiles.scope(dataset)
    opened = int((dataset.documents["status"] != "reconciled").sum())
    doubt = f"其中 {opened} 份文件有待核之处，见 [00_reading](00_reading.ipynb)。" if opened else ""
    when = (f"{found['period']} 年" if found["period"] else "未注明年度") + profiles.KINDS[found["kind"]][0] + "，"
    mark = "**【含合成数据，非真实文件】** " if found["synthetic"] else ""
    left_out = "、".join(zh for zh, _ in found["left_out"])
    budget = profiles.rounded(found["budget_wan_yuan"])
    return (
        f"{mark}**{when}{found['subject'] or '未注明单位'}**：{found['documents']} 份文件，{found['projects']:,} 个项目，"
        f"{found['indicators']:,} 条指标，预算合计 {budget} 万元。{doubt}"
        + (f" 未计入：{left_out}；用 `year`、`kind` 选择。" if left_out else "")
    )


# ---- tables ----------------------------------------------------------------------------------------------------------


def table(
    frame: pd.DataFrame,
    empty: str = "没有可列的行。",
    drop: tuple[str, ...] = ("document_id",),
    rows: int | None = None,
) -> None:
    """Show a frame as a table to search, sort and page through, with Chinese titles; a sentence where it is empty.

    Of many rows the first are shown, and it is said; `rows`: how many there are in all, where the frame holds the first.
    Amounts have thousands and at least two places; other exact numbers are printed as they are (shares to two places).
    All are sorted as numbers.
    """
    if len(frame) == 0:
        display(Markdown(empty))
        return
    if (rows or len(frame)) > MOST:
        display(Markdown(f"共 {rows or len(frame):,} 行，下面列出前 {MOST:,} 行；其余用 `bp.query` 查。"))
        frame = frame.head(MOST)
    import itables

    itables.options.warn_on_unexpected_option_type = False  # it knows no words of controls in groups (CONTROLS)
    shown = frame.drop(columns=[name for name in drop if name in frame])
    printed = pd.DataFrame(
        {name: shown[name].map(_amount if is_money(name) else _printed).astype(object) for name in shown}
    )
    numeric = [all(_NUMBER.fullmatch(text) for text in printed[name]) for name in printed]
    sides = [
        {"className": "dt-body-left dt-head-left", "targets": [k for k, right in enumerate(numeric) if not right]},
        {"className": "dt-body-right dt-head-right", "targets": [k for k, right in enumerate(numeric) if right]},
    ]
    itables.show(
        profiles.titled(printed),
        connected=False,
        maxBytes=LARGEST,
        maxColumns=0,
        showIndex=False,
        classes="display compact",
        style="width:100%;table-layout:auto;caption-side:bottom",
        language=CONTROLS["zh"],
        text_in_header_can_be_selected=False,  # a click anywhere on a head sorts
        lengthMenu=[10, 25, 100, 500],
        columnDefs=[side for side in sides if side["targets"]],
        layout={"topStart": "pageLength", "topEnd": "search", "bottomStart": "info", "bottomEnd": "paging"},
    )


def is_money(name: str) -> bool:
    """Whether a column holds amounts, by its name or title.

    >>> is_money("budget_wan_yuan"), is_money("增减（万元）"), is_money("weight")
    (True, True, False)
    """
    return str(name).endswith("_wan_yuan") or "万元" in str(name)


def _amount(value) -> str:
    """As printed in accounts; not rounded where a document prints more places.

    >>> _amount(Decimal("1536.7")), _amount(Decimal("0.1234")), _amount(None)
    ('1,536.70', '0.1234', '')
    """
    if not isinstance(value, Decimal):
        return _printed(value)
    return f"{value:,.{max(2, -value.as_tuple().exponent)}f}"


def _printed(value) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        places = -value.as_tuple().exponent
        return profiles.rounded(value, 2).replace(",", "") if places > 4 else format(value, "f")
    return charts.printable(str(value))


def indicator_list(dataset: Dataset, most: int | None = None) -> pd.DataFrame:
    """All indicators, or the first `most` of them, with their project, as one searches them.

    Columns: `unit_name`, `project_no`, `project_name`, `indicator_no`, `level1`, `level2`, `name`, `comparator`,
    `target_text`, `measure_unit`, `weight`, `page`.

    >>> len(indicator_list(Dataset.empty()))
    0
    """
    names = ["unit_name", "project_no", "project_name", "indicator_no", "level1", "level2", "name", "comparator"]
    names += ["target_text", "measure_unit", "weight", "page"]
    key = ["document_id", "project_no"]
    owners = project_rows(dataset)[[*key, "unit_name", "project_name"]]
    own = [*key, *(name for name in names if name not in owners)]
    if most is None:
        rows = dataset.columns("indicators", *own)
    else:  # of builds on the disk no more is read than the documents in which they stand
        first = dataset.columns("indicators", "document_id")["document_id"].head(most)
        rows = dataset.rows("indicators", first.unique())[own].head(most)
    return rows.merge(owners, on=key, how="left", validate="m:1")[names]


# ---- evidence --------------------------------------------------------------------------------------------------------


def evidence_of(dataset: Dataset, document_id: str, project_no: int, indicator_no: int | None = None):
    """What shows where a row was printed: the page crop if the document has pages, else the printed cells around it."""
    own = dataset.of_document(document_id)
    part = replace(own, **{name: frame.reset_index(drop=True) for name, frame in own.tables().items()})
    try:
        return show_cell(part, project_no, indicator_no)
    except InputError:  # no cell of it, or no page: the cells as read still tell
        return HTML(printed_around(part, project_no, indicator_no))


def as_html(shown) -> str:
    """HTML of what `evidence_of` gives: its own, or its picture.

    >>> as_html(HTML("<b>8</b>")), as_html("8 < 9")
    ('<b>8</b>', '<pre>8 &lt; 9</pre>')
    """
    for way, wrap in (("_repr_html_", str), ("_repr_png_", _picture)):
        given = getattr(shown, way, lambda: None)()
        if given:
            return wrap(given)
    return f"<pre>{escape(str(shown))}</pre>"


def _picture(png: bytes) -> str:
    return f'<img style="max-width:100%" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def printed_around(part: Dataset, project_no: int, indicator_no: int | None) -> str:
    """HTML of the printed rows around an indicator (or a project) of a one-document dataset, its own cells marked."""
    cells = part.cells
    own = cells["project_no"] == project_no
    if indicator_no is not None:
        own &= cells["indicator_no"] == indicator_no
    own = own.fillna(False).astype(bool)
    if not own.any():
        return "<p>这一行没有留下印刷位置，无法指出它印在哪里。</p>"
    page = int(cells.loc[own, "page"].iloc[0])
    rows = cells.loc[own & (cells["page"] == page), "row"]
    first, last = int(rows.min()) - AROUND, min(int(rows.max()), int(rows.min()) + 12) + AROUND
    near = cells[(cells["page"] == page) & cells["row"].between(first, last)]
    lines = []
    for row, line in near.groupby("row"):
        texts = dict(zip(line["col"], line["text"].fillna(""), strict=True))
        marked = set(line.loc[own[line.index], "col"])
        columns = range(1, int(near["col"].max()) + 1)
        tds = [
            f"<td style='{_MARKED if col in marked else _PLAIN}'>{escape(str(texts.get(col, '')))}</td>"
            for col in columns
        ]
        lines.append(f"<tr><th style='{_PLAIN}'>{int(row)}</th>{''.join(tds)}</tr>")
    source = escape(str(part.documents["source"].iloc[0])) if len(part.documents) else ""
    title = f"<p>{source}，第 {page} 页，第 {max(first, 1)}–{last} 行，照读出的原样；框出的是这一行的单元格：</p>"
    return f"{title}<div style='overflow-x:auto'><table style='border-collapse:collapse'>{''.join(lines)}</table></div>"


_PLAIN = "border:1px solid #ccc;padding:2px 6px;text-align:left;white-space:pre-wrap;color:#5F6368"
_MARKED = "border:2px solid #D55E00;padding:2px 6px;text-align:left;white-space:pre-wrap;font-weight:bold"


# ---- picking ---------------------------------------------------------------------------------------------------------

EVERY = "全部"


def picker(dataset: Dataset):
    """Menus for unit, category, project and indicator; below them the project's objective and the evidence.

    Of more than PICKED projects those of one unit are listed at a time. Returns the widget; in a notebook it shows itself.
    A sentence where there is nothing to pick.
    """
    projects = project_rows(dataset)
    if len(projects) == 0:
        return Markdown("没有项目可选。")
    import ipywidgets as widgets

    wide = {"layout": widgets.Layout(width="98%"), "style": {"description_width": "4em"}}
    every = [EVERY] if len(projects) <= PICKED else []
    unit = widgets.Dropdown(options=[*every, *projects["unit_name"].unique()], description="单位", **wide)
    category = widgets.Dropdown(options=[EVERY, *projects["category_name"].unique()], description="类别", **wide)
    project = widgets.Dropdown(options=[], description="项目", **wide)
    indicator = widgets.Dropdown(options=[], description="指标", **wide)
    about, evidence = widgets.HTML(), widgets.HTML()

    def list_projects(_change=None) -> None:
        wanted = projects
        for menu, column in ((unit, "unit_name"), (category, "category_name")):
            wanted = wanted if menu.value == EVERY else wanted[wanted[column] == menu.value]
        project.options = [
            (f"{name}（{profiles.rounded(budget)} 万元）", (document, int(number)))
            for document, number, name, budget in wanted[
                ["document_id", "project_no", "project_name", "budget_wan_yuan"]
            ].itertuples(index=False)
        ]
        project.value = project.options[0][1] if project.options else None
        list_indicators()

    def list_indicators(_change=None) -> None:
        if project.value is None:
            indicator.options, about.value = [], "没有符合的项目。"
            evidence.value = ""
            return
        document, number = project.value
        rows = dataset.rows("indicators", [document])
        rows = rows[rows["project_no"] == number]
        names = zip(rows["indicator_no"], rows["level2"].fillna(""), rows["name"].fillna(""), strict=True)
        about.value = _about(projects, document, number, len(rows))
        indicator.options = [("（整个项目）", None), *((f"{n} {level} {name}", int(n)) for n, level, name in names)]
        indicator.index = 0
        show_evidence()

    def show_evidence(_change=None) -> None:
        if project.value is not None:
            evidence.value = as_html(evidence_of(dataset, *project.value, indicator.value))

    list_projects()
    unit.observe(list_projects, "value")
    category.observe(list_projects, "value")
    project.observe(list_indicators, "value")
    indicator.observe(show_evidence, "value")
    return widgets.VBox([unit, category, project, indicator, about, evidence])


def _about(projects: pd.DataFrame, document: str, number: int, indicators: int) -> str:
    row = projects[(projects["document_id"] == document) & (projects["project_no"] == number)].iloc[0]
    objective = "（没有印出绩效目标）" if pd.isna(row["objective"]) else escape(row["objective"])
    head = (
        f"{escape(row['unit_name'])} · {escape(row['category_name'])} · {profiles.rounded(row['budget_wan_yuan'])} 万元"
    )
    return f"<b>{escape(row['project_name'])}</b>（{head}，{indicators} 条指标）<br>{objective}"
