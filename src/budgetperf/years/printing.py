"""A comparison for people on a terminal, and as files."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from budgetperf.errors import InputError
from budgetperf.field.words import chinese, say
from budgetperf.field.wraps import display_width
from budgetperf.profiles import frame_csv, rounded
from budgetperf.tables.arrow import decimal_type  # the one rule for decimals in Parquet
from budgetperf.tables.whole import written_whole
from budgetperf.years.changes import STATES
from budgetperf.years.comparison import Comparison, target_summary, totals
from budgetperf.years.evaluation import LOW, more_money_despite_results
from budgetperf.years.words import in_words

SHOWN = 40  # projects listed on a terminal, those whose money moved most


def _padded(text: str, width: int, right: bool = False) -> str:
    room = " " * max(0, width - display_width(text))
    return room + text if right else text + room


def _cut(text: str | None, width: int) -> str:
    text = text if isinstance(text, str) else ""
    if display_width(text) <= width:
        return text
    while display_width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def printed(comparison: Comparison):
    """The comparison as lines of text: notes, and for each step totals, bridge, projects, targets and weights."""
    if comparison.scope["synthetic"]:
        yield "【含合成数据，非真实文件】"
    yield from (f"注意：{note}" for note in comparison.notes)
    summary = target_summary(comparison)
    for total in totals(comparison).to_dict("records"):
        years = total["year_from"], total["year_to"]
        change = "" if total["change_percent"] is None else f"，{total['change_percent']:+.1f}%"
        yield ""
        yield (
            f"{years[0]} → {years[1]}：{rounded(total['amount_from'])} → {rounded(total['amount_to'])} 万元"
            f"（{total['change']:+,f}{change}）"
        )
        yield "  " + "，".join(
            f"{say('change', name)} {total[name]}" for name in ("continued", "ended", "new", "split", "merged")
        )
        yield "  合计桥：" + "；".join(
            f"{say('step', row.step)} {rounded(row.amount) if row.step in ('start', 'end') else f'{row.amount:+,f}'}"
            + (f"（{row.doubtful_groups} 组拿不准 ?）" if row.doubtful_groups else "")
            for row in _of(comparison.bridge, years).itertuples()
        )
        yield from _project_lines(_of(comparison.projects, years))
        for row in _of(summary, years).to_dict("records"):
            outcomes = "，".join(f"{zh} {row[name]}" for name, zh in chinese("outcome").items() if row[name])
            share = "" if row["unchanged_share"] is None else f"（目标未变占 {rounded(row['unchanged_share'], 1)}%）"
            yield f"  指标：对应 {row['matched']}，新设 {row['added']}，取消 {row['dropped']}；目标：{outcomes}{share}"
        weights = _of(comparison.weights, years)
        shifts = weights[(weights["unit"] == "全部") & (weights["level"] == "level2")].to_dict("records")
        moved = sorted((row for row in shifts if row["shift"]), key=lambda row: -abs(row["shift"]))[:5]
        if moved:
            yield "  权重变化（每 100 分）：" + "，".join(f"{row['name']} {row['shift']:+.1f}" for row in moved)
        states = _of(comparison.findings, years)["state"].value_counts()
        if len(states):
            yield "  审计发现：" + "，".join(f"{say('change', name)} {states.get(name, 0)}" for name in STATES)
    despite = more_money_despite_results(comparison.evaluated_projects)
    if len(despite):
        yield ""
        yield f"得分率或执行率不到 {LOW}%、下一年预算反而增加的项目 {len(despite)} 个："
    for row in despite.head(SHOWN).to_dict("records"):
        rates = [(word, row[name]) for word, name in (("得分率", "points_rate"), ("执行率", "points_executed"))]
        said = "，".join(f"{word} {rounded(rate, 1)}%" for word, rate in rates if rate is not None)
        yield f"  {row['project']}：{said}；{rounded(row['amount'])} → {rounded(row['amount_next'])} 万元"


def _of(frame: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    if "year_from" not in frame:
        return frame
    return frame[(frame["year_from"] == years[0]) & (frame["year_to"] == years[1])]


def _project_lines(projects: pd.DataFrame):
    rows = sorted(projects.itertuples(), key=lambda row: -abs(row.change))
    yield "  " + "  ".join(
        [_padded("项目", 44), _padded("上年", 13, True), _padded("本年", 13, True), _padded("增减", 13, True), "变动"]
    )
    for row in rows[:SHOWN]:
        name = row.project_to if isinstance(row.project_to, str) else row.project_from
        if isinstance(row.project_from, str) and isinstance(row.project_to, str) and row.project_from != row.project_to:
            name = f"{_cut(row.project_from, 21)}→{_cut(row.project_to, 21)}"
        amounts = [rounded(row.amount_from), rounded(row.amount_to), f"{row.change:+,.2f}" if row.change else "0.00"]
        status = "" if row.status == "continued" else say("change", row.status)
        words = " ".join(dict.fromkeys(filter(None, [status, row.change_text]))) + (" ?" if row.doubtful else "")
        yield "  " + "  ".join([_padded(_cut(name, 44), 44), *(_padded(text, 13, True) for text in amounts), words])
    if len(rows) > SHOWN:
        yield f"  ……另有 {len(rows) - SHOWN} 项，用 --out 写出全部"


def printed_links(comparison: Comparison):
    """The matches as lines of text: by what, score, runner-up; ? where it is doubtful."""
    if comparison.scope["synthetic"]:
        yield "【含合成数据，非真实文件】"
    yield from (f"注意：{note}" for note in comparison.notes)
    for (year, other), rows in comparison.links.groupby(["year_from", "year_to"], sort=False):
        yield ""
        doubtful = int(rows["doubtful"].sum())
        yield f"{year} → {other}：{len(rows)} 行，拿不准 {doubtful}"
        for row in rows.itertuples():
            method = say("method", row.method)
            scores = (
                ""
                if pd.isna(row.score)
                else f"{row.score:.2f}" + ("" if pd.isna(row.runner_up) else f"（次优 {row.runner_up:.2f}）")
            )
            names = [_cut(name, 30) if isinstance(name, str) else "—" for name in (row.project_from, row.project_to)]
            near = f"最接近：{row.runner_up_project}" if row.doubtful and isinstance(row.runner_up_project, str) else ""
            cells = [
                " ?" if row.doubtful else "  ",
                _padded(names[0], 30),
                "→",
                _padded(names[1], 30),
                say("change", row.status),
                method,
                scores,
                near,
            ]
            yield " ".join(filter(None, cells)).rstrip()


def write_tables(comparison: Comparison, folder: str | Path) -> list[Path]:
    """Each frame of a comparison as <name>.csv for people (in words, UTF-8 with BOM, safe for spreadsheets) and as
    <name>.parquet; the files. Raises InputError where the folder cannot be written.
    """
    folder = Path(folder)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in comparison.tables().items():
            written.append(_write(folder / f"{name}.csv", frame_csv(in_words(frame))))
            written.append(_write_parquet(frame, folder / f"{name}.parquet"))
    except OSError as error:
        raise InputError(f"无法写入文件夹 {folder}（{error.strerror}）。请换一个 --out 文件夹。") from error
    return written


def _write_parquet(frame: pd.DataFrame, path: Path) -> Path:
    columns = {}
    for name in frame:
        values = frame[name]
        exact = values.dtype == object  # frames.framed keeps nothing else as objects
        columns[name] = pa.array(values.tolist(), type=decimal_type(values.tolist())) if exact else pa.array(values)
    building = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), building, compression="zstd", store_schema=False)
    return _write(path, building.getvalue().to_pybytes())


def _write(path: Path, content: bytes) -> Path:
    with written_whole(path) as building:
        building.write_bytes(content)
    return path
