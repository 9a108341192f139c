"""Codes of projects and units: beside their names in one cell, and the parts of a project's."""

import re
from typing import NamedTuple

from budgetperf.field.notation import half_width
from budgetperf.field.vocabulary import names_body

_PROJECT_CODE = re.compile(r"([0-9]{9})([0-9]{2})([A-Z])([0-9]{9})")
_CODE_AND_NAME = re.compile(
    r"([0-9A-Z]{12,28})(?:\s*[-—–_‐‑―:：.．、·|/]\s*|\s+|(?=\D|$))|([0-9]{3,11})\s*[-—–_‐‑―]\s*(?=\D)"
    r"|[\[【〔(]([0-9][0-9A-Z]{5,27})[\]】〕)]\s*(?=\D)"
)

_CODE_BEHIND = re.compile(
    r"(.{2,}?)\s*(?:[\[【〔(（]((?=.*[A-Z])[0-9][0-9A-Z]{11,27}|[0-9]{18,28})[\]】〕)）]"
    r"|[-—–_/／|\s]\s*((?=.*[A-Z])[0-9][0-9A-Z]{11,27}|[0-9]{18,28}))"
)
_BODY = r"[\u4e00-\u9fff()（）]{4,}"
_CODE_OF_BODY = re.compile(rf"(?P<code>[0-9]{{6,9}})(?P<name>{_BODY})")
_CODE_BEHIND_BODY = re.compile(rf"(?P<name>{_BODY}?)\s*[-—–_/／\s\[【〔(（]\s*(?P<code>[0-9]{{6,9}})[\]】〕)）]?")


class ProjectCell(NamedTuple):
    code: str | None
    name: str


def split_code(text: str) -> ProjectCell:
    """Code and name of a cell that prints both (`code-name`), wraps undone; no code where none is printed.

    >>> split_code("51072200024T000000561-能力提升补助经费")
    ProjectCell(code='51072200024T000000561', name='能力提升补助经费')
    >>> split_code("301009-白石县人民政府").code, split_code("2024年运转经费").code
    ('301009', None)
    >>> split_code("207101县人民法院"), split_code("202412道路养护").code
    (ProjectCell(code='207101', name='县人民法院'), None)
    >>> split_code("县人民法院（207101）"), split_code("县人民法院（2024）").code
    (ProjectCell(code='207101', name='县人民法院'), None)
    >>> split_code("[169023]西部监测中心"), split_code("(2024)道路养护").code
    (ProjectCell(code='169023', name='西部监测中心'), None)
    >>> split_code("道路养护（51072200024T000000561）").name, split_code("道路养护（20240101）").name
    ('道路养护', '道路养护（20240101）')
    >>> split_code("道路养护/51072200024T000000561")
    ProjectCell(code='51072200024T000000561', name='道路养护')
    >>> split_code("51072200024T000000101-2024年道路养护"), split_code("３０１００１-民政局").code
    (ProjectCell(code='51072200024T000000101', name='2024年道路养护'), '301001')
    """
    match = _CODE_AND_NAME.match(half_width(text))  # sign by sign: places in the text stay
    if not match:
        if behind := _CODE_BEHIND.fullmatch(half_width(text)):
            return ProjectCell(behind[2] or behind[3], text[: behind.end(1)])
        of_body = _CODE_OF_BODY.fullmatch(half_width(text)) or _CODE_BEHIND_BODY.fullmatch(half_width(text))
        known = of_body and names_body(of_body["name"])
        return ProjectCell(of_body["code"], text[slice(*of_body.span("name"))]) if known else ProjectCell(None, text)
    return ProjectCell(match[1] or match[2] or match[3], text[match.end() :].strip())


class CodeParts(NamedTuple):
    region: str
    year: str
    letter: str
    serial: str


def code_parts(code: str) -> CodeParts | None:
    """The parts of a 21-character project code, or None where it has another form.

    >>> code_parts("51072200024T000000561")
    CodeParts(region='510722000', year='24', letter='T', serial='000000561')
    """
    match = _PROJECT_CODE.fullmatch(code)
    return CodeParts(*match.groups()) if match else None


def shape_of(code: str) -> str:
    """Where a code has digits and where letters; an X at its end is a check digit.

    >>> shape_of("13052424P00418410021X") == shape_of("13052424P004184100336")
    True
    """
    return re.sub(r"[A-Z]", "A", re.sub(r"\d|X$", "9", code))
