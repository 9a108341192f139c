"""审计取证单 as Word: a form filled in for each issue of each unit, and the print behind it as its annex.

The form is a document with marks such as {{被审计单位}}: ours (report/forms/evidence.zh.docx), or an office's own.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate, Listing
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from budgetperf.errors import InputError
from budgetperf.evidence.finding import fields_of, show_finding
from budgetperf.profiles import is_synthetic
from budgetperf.report.model import clean, shortened
from budgetperf.report.word import parts, styles
from budgetperf.report.word.paper import describe, room, saved, with_suffix
from budgetperf.report.word.parts import lines_needed, paragraph, run
from budgetperf.report.word.sheet_facts import Sheet, Sources, fact_of, print_of, sheets_of, summary_of
from budgetperf.tables.dataset import Dataset

MOST_SHEETS, MOST_PICTURES = 500, 6  # sheets of a file; pictures of a sheet
BY = ("issue", "finding", "unit")
NAMES = ("audit", "prepared_by", "reviewed_by", "date", "reply_by")  # given by the office, else written by hand
MARKS = {  # what a form may ask for, in both languages
    "审计项目": "audit", "编号": "number", "总数": "of", "被审计单位": "unit", "事项": "matter", "概述": "summary",
    "事实": "text", "各事实": "facts", "出处": "source", "依据": "basis", "建议": "recommendation",
    "附件页数": "annex_pages", "编制人": "prepared_by", "复核人": "reviewed_by", "编制日期": "date", "反馈期限": "reply_by",
}  # fmt: skip
WORDS = {
    "title": ("审计取证单", "Audit evidence sheet"),
    "annex": ("附件：第 {0} 号取证单所附原件", "Annex to evidence sheet No. {0}: the print"),
    "picture": ("图 {0}", "Figure {0}"),
    "see": ("（见附件图 {0}）", " (annex, figure {0})"),
    "as_read": ("（原件不在手边，示读出的单元格）", " (the document is not at hand: its cells as read)"),
    "synthetic": ("【含合成数据，非真实文件】", "[Contains synthetic data] "),
    "date": ("　　　年　　月　　日", ""),
    "reply_by": ("　　　年　　月　　日前", ""),
}
CAPTION, GAP, HEAD = 9.0, 14.0, 40.0  # type of captions, space between pictures, heading of an annex's page: points


def write_evidence_sheets(
    dataset: Dataset,
    findings: pd.DataFrame,
    path: str | Path,
    *,
    by: str = "issue",
    names: Mapping[str, str] | None = None,
    source: str | Path | None = None,
    lang: str = "zh",
    template: str | Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Path:
    """Write 审计取证单 for `findings` (rows of `dataset.findings`) as .docx; the path written.

    by: a sheet for each "issue" (findings of one cause) of a unit, for each "finding", or for each "unit" · names: what
    stands on every sheet: audit, prepared_by, reviewed_by, date, reply_by; else as [evidence] of budgetperf.toml says,
    else blank, to be written by hand · source: folder of the original documents, for the pictures · template: an
    office's own form with marks such as {{被审计单位}} (all are in docs/cli.md); our pictures follow each filled form.
    Raises InputError where nothing is chosen or more than MOST_SHEETS sheets would be made, for findings that are not
    of this dataset or say only how a document was read, and where template or path cannot be used.
    """
    if by not in BY:
        raise InputError(f"取证单不能按“{by}”分张。没有写出任何文件。请用其中之一：{'、'.join(BY)}。")
    if lang not in ("zh", "en"):
        raise InputError(f"没有语言 {lang}。没有写出任何文件。请用 zh 或 en。")
    if Path(path).suffix.lower() not in ("", ".docx"):
        raise InputError(f"取证单写成 Word（.docx），不能写成 {Path(path).name}。没有写出任何文件。请改扩展名。")
    if unknown := set(names or {}) - set(NAMES):
        raise InputError(
            f"取证单没有“{'、'.join(sorted(unknown))}”一栏。没有写出任何文件。可用的有：{'、'.join(NAMES)}。"
        )
    sheets = sheets_of(dataset, findings, by, lang)
    if len(sheets) > MOST_SHEETS:
        raise InputError(
            f"要写 {len(sheets):,} 张取证单，多于 {MOST_SHEETS} 张。没有写出任何文件。"
            '请选得更少，或一个单位一张（by="unit"）。'
        )
    form = _Form.opened(template, lang)
    given = {**dataset.settings.evidence, **{key: value for key, value in (names or {}).items() if value}}
    sources = Sources(dataset, source)
    for number, sheet in enumerate(sheets, 1):
        pictures, seen = _pictures(form, sources, sheet, lang)
        pages = _paged(form, pictures)
        form.add(_values(sources, sheet, seen, lang) | _blank(given, lang) | {
            "number": number, "of": len(sheets), "annex_pages": len(pages)
        })  # fmt: skip
        for page in pages:
            form.annex(_say("annex", lang, number), page)
        if progress:
            progress(number, len(sheets), sheet.matter)
    describe(form.document, _say("title", lang), f"{len(sheets)}", lang)
    return saved(form.document, with_suffix(path))


def _say(key: str, lang: str, *values) -> str:
    return WORDS[key][lang == "en"].format(*values)


def _blank(given: Mapping[str, str], lang: str) -> dict[str, str]:
    """What the office gives; a date that is left out is a blank to be written in."""
    return {name: given.get(name) or (_say(name, lang) if name in WORDS else "") for name in NAMES}


def _values(sources: Sources, sheet: Sheet, seen: dict[int, list[int]], lang: str) -> dict:
    """What one sheet says, by the names of MARKS."""
    facts = [fact_of(row, sheet.unit) for row in sheet.rows]
    number = "{0}. {1}" if len(facts) > 1 else "{1}"
    invented = [is_synthetic(sources.of_document(row.document_id).documents).any() for row in sheet.rows]
    mark = _say("synthetic", lang) if any(invented) else ""
    joined = "、" if lang == "zh" else ", "
    for k, row in enumerate(sheet.rows):
        where = joined.join(map(str, seen.get(row.finding_no, [])))
        facts[k] = number.format(k + 1, facts[k]) + (_say("see", lang, where) if where else "")
    return {
        "unit": sheet.unit,
        "matter": mark + sheet.matter,
        "summary": summary_of(sources, sheet, lang) if len(facts) > 1 else "",
        "facts": facts,
        "text": "\n".join(facts),
        "source": print_of(sources, sheet, lang),
        "basis": "；".join(dict.fromkeys(str(row.basis) for row in sheet.rows if isinstance(row.basis, str))),
        "recommendation": sheet.recommendation,
    }


# ---- the form --------------------------------------------------------------------------------------------------------


class _Form(NamedTuple):
    """A form that is filled in again and again, and the document that the filled ones are put together in."""

    document: object
    template: DocxTemplate
    xml: str  # the form's body, as jinja reads it
    ids: dict[str, str]
    width: float
    height: float

    @classmethod
    def opened(cls, template: str | Path | None, lang: str) -> "_Form":
        document = styles.shipped("evidence", lang) if template is None else styles.open_template(template)
        form = DocxTemplate(None)
        form.docx = document
        xml = form.patch_xml(form.get_xml())
        if not re.search(r"\{\{.+?\}\}", re.sub("<[^>]*>", "", xml)):
            raise InputError(
                f"模板 {template} 里没有 {{{{被审计单位}}}} 一类的填写处。没有写出任何文件。"
                f"可填的有：{'、'.join(MARKS)}；我们自己的表样见 {styles.place_of('evidence', lang)}。"
            )
        body = document.element.body
        for child in list(body)[:-1]:
            body.remove(child)
        across, down = room(body[-1])
        made = cls(document, form, xml, styles.add_styles(document, lang), across, down)
        made._filled(dict.fromkeys(MARKS.values(), "") | {"facts": []})  # what is wrong is said before the long work
        return made

    def add(self, values: Mapping) -> None:
        """Fill the form in once more, on a page of its own."""
        self._append([child for child in self._filled(values) if child.tag != qn("w:sectPr")])

    def _filled(self, values: Mapping):
        """The form's body with the values in their places."""
        shown = {
            key: Listing(clean(value)) if value and isinstance(value, str) else value for key, value in values.items()
        }
        shown["facts"] = [Listing(clean(fact)) for fact in values["facts"]]
        shown |= {chinese: shown[name] for chinese, name in MARKS.items()}
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        try:
            return parse_xml(self.template.render_xml_part(self.xml, self.document.part, shown, environment))
        except UndefinedError as error:
            name = re.search("'([^']*)'", str(error))
            raise InputError(
                f"模板里的“{name[1] if name else error}”没有东西可填。没有写出任何文件。可填的有：{'、'.join(MARKS)}。"
            ) from error
        except TemplateError as error:
            raise InputError(
                f"模板里的填写处写得不对（{error}）。没有写出任何文件。请对照 docs/cli.md 改正。"
            ) from error

    def annex(self, title: str, pictures: list["_Picture"]) -> None:
        """A page with pictures below each other."""
        made = [paragraph(self.ids["Sheet Label"], [run(title)], align="left")]
        for one in pictures:
            picture = parts.picture_run(self.document.part, one.png, one.across, one.down, one.caption)
            made.append(paragraph(self.ids[styles.FIGURE], [picture], keep_next=True))
            made.append(paragraph(self.ids["Sheet Small"], [run(one.caption)]))
        self._append(made)

    def _append(self, made: list) -> None:
        """Put elements at the end; on a new page where they are not the first."""
        last = self.document.element.body[-1]
        if last.getprevious() is not None:
            if made[0].tag != qn("w:p"):
                made = [parts.tiny_paragraph(), *made]
            made[0].get_or_add_pPr().get_or_add_pageBreakBefore()
        for one in made:
            last.addprevious(one)


# ---- pictures --------------------------------------------------------------------------------------------------------


class _Picture(NamedTuple):
    """A crop of print: its bytes, measures in points, what it shows."""

    png: bytes
    across: float
    down: float
    caption: str


def _pictures(form: _Form, sources: Sources, sheet: Sheet, lang: str) -> tuple[list[_Picture], dict[int, list[int]]]:
    """(the print behind a sheet's findings, finding → numbers of its pictures), as far as MOST_PICTURES go."""
    made: dict[str, _Picture] = {}
    seen: dict[int, list[int]] = {}
    for row in sheet.rows:
        if len(made) >= MOST_PICTURES:
            break
        try:
            document, fields = sources.of_document(row.document_id), fields_of(row.rule)
            views = show_finding(document, row, fields, source=sources.source, lang=lang)
        except InputError:
            continue  # nothing of the document was kept; its sentence names the place
        for view in views:
            number = list(made).index(view.caption) + 1 if view.caption in made else len(made) + 1
            seen.setdefault(row.finding_no, []).append(number)
            if view.caption in made:
                continue
            words = shortened(" ".join(clean(view.caption).split()), 200)
            words += _say("as_read", lang) if view.notes and not view.images else ""
            caption = f"{_say('picture', lang, number)}　{words}"
            lines = lines_needed(caption, form.width, CAPTION) * CAPTION * 1.5
            image, across, down = parts.legible_crop_of(
                view, form.width, [form.height * share - HEAD - lines - GAP for share in (0.5, 1.0)]
            )
            made[view.caption] = _Picture(parts.crop_png(image, across), across, down, caption)
    return list(made.values()), seen


def _paged(form: _Form, pictures: list[_Picture]) -> list[list[_Picture]]:
    """The pictures by the page that they stand on."""
    pages, left = [], 0.0
    for one in pictures:
        needed = one.down + GAP + lines_needed(one.caption, form.width, CAPTION) * CAPTION * 1.5
        if not pages or needed > left:
            pages.append([])
            left = form.height - HEAD
        pages[-1].append(one)
        left -= needed
    return pages
