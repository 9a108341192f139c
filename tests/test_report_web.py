"""The report as HTML: read back by lxml, opened in Chromium without a network, searched, sorted, printed to PDF."""

import base64
import hashlib
import json
import re
from decimal import Decimal
from io import BytesIO

import pandas as pd
import pypdfium2
import pytest
from datasets import as_printed, county
from lxml import etree, html
from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from test_browser import OPTIONS, program

from budgetperf import charts, profiles
from budgetperf.errors import InputError
from budgetperf.evidence.table import OWN, Box, CellTable
from budgetperf.evidence.view import View
from budgetperf.report import report_on
from budgetperf.report.model import Evidence, Figure, Heading, Report, Table, Text, clean, places_of, printed
from budgetperf.report.web import HEAVY, MOST_ROWS, WORDS, _script, write_web
from budgetperf.tables.dataset import Dataset

OFFLINE = ["--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>"]  # nobody listens there
HOSTILE = [
    "<script>window.caught = 1; alert(1)</script>",
    "</script></style></title><script>window.caught = 2</script>",
    '<img src=x onerror="window.caught = 3">',
    '"\' onmouseover="window.caught = 4" x=\'',
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
    "{{ 7 * 7 }} {% raw %} ]]> <!-- -->",
    "=1+1\t+2 @x -3",
    "\x00\x07\x0b\x1b\ud800乙\r\n丙",
    "\u202eabc\u202c \u200fسلام",
    "家庭👨‍👩‍👧‍👦🇨🇳",
    "javascript:alert(1)",
    "为" * 4000,
    "$\\frac{1}{0}$",
]
AMOUNTS = [Decimal("1000.50"), Decimal(9), None, Decimal("85.25"), Decimal(-3), Decimal("33.333333")]


def rows_of(table) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


def read(path):
    return html.document_fromstring(path.read_bytes())


def tables_of(page) -> dict:
    """The tables of the report by their captions, label and name."""
    titles = {title.get("id"): title.text_content() for title in page.iter("figcaption") if title.get("id")}
    return {titles[table.get("aria-labelledby")]: table for table in page.iter("table") if table.get("aria-labelledby")}


def small_report(blocks: list, **more) -> Report:
    return Report(**{"title": "报告", "subtitle": "", "facts": [], "blocks": blocks, "dataset": Dataset.empty()} | more)


def numbered(rows: int) -> pd.DataFrame:
    return pd.DataFrame({"序号": range(1, rows + 1), "名称": [f"第{n}号" for n in range(1, rows + 1)]}, dtype=object)


# ---- read back -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The report on a small county in both languages: what it says, the file, and the progress reported."""
    dataset, written = county(3, 6), {}
    for lang in ("zh", "en"):
        report, seen = report_on(dataset, lang=lang), []
        path = tmp_path_factory.mktemp("reports") / "报告" / f"{lang}.html"
        written[lang] = report, write_web(report, path, progress=lambda *step, seen=seen: seen.append(step)), seen
    return written


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_a_report_is_read_back(reports, lang):
    report, path, seen = reports[lang]
    page = read(path)
    assert page.get("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert [step[0] for step in seen] == list(range(1, len(report.blocks) + 1)) and seen[-1][1] == len(report.blocks)
    shown, expected = tables_of(page), [block for block in report.blocks if isinstance(block, Table)]
    assert len(shown) == len(expected) > 5
    for block, (caption, table) in zip(expected, shown.items(), strict=True):
        assert caption == f"{block.label}　{block.caption}"
        found, wanted = rows_of(table), block.frame
        assert found[0] == list(wanted.columns)
        assert found[1:] == as_printed(wanted, lang)
        for row, values in zip(table.iter("tr"), [None, *wanted.itertuples(index=False)], strict=True):
            for cell, value in zip(row, values or [], strict=False):
                if cell.get("data-order"):
                    assert Decimal(cell.get("data-order")) == value
        assert all(cell.get("scope") == "col" for cell in table.iter("th"))
    facts = [(one.findtext("dt"), one.findtext("dd")) for one in page.iterfind(".//dl/div")]
    assert facts == report.facts and page.findtext(".//h1") == report.title
    figures = [block for block in report.blocks if isinstance(block, Figure)]
    pictures = page.xpath("//figure[@class='chart']/img")
    assert [one.get("alt") for one in pictures] == [one.alt for one in figures] and figures
    for one in pictures:
        svg = etree.fromstring(base64.b64decode(one.get("src").removeprefix("data:image/svg+xml;base64,")))
        assert svg.find(".//{*}text") is None and svg.find(".//{*}script") is None  # letters are outlines
    others = set(WORDS["zh"].values()) - set(WORDS["en"].values())
    assert lang == "zh" or not any(
        word in path.read_text("utf-8") for word in others if "{" not in word and len(word) > 4
    )


def test_headings_go_down_one_step_at_a_time_and_the_contents_lead_to_them(tmp_path):
    blocks = [Heading(1, "一、甲"), Heading(3, "1. 乙"), Heading(2, "（一）丙"), Heading(1, "一、甲")]
    page = read(write_web(small_report(blocks), tmp_path / "a.html"))
    assert [one.tag for one in page.xpath("//h1|//h2|//h3|//h4")] == ["h1", "h2", "h3", "h3", "h2"]
    for link in page.xpath("//nav//a"):
        assert page.get_element_by_id(link.get("href")[1:]).text_content() == link.text_content()
    assert len(page.xpath("//nav//a")) == 4


def test_long_tables_are_bounded_and_say_so(tmp_path):
    total = pd.DataFrame([{"序号": 12_497_500, "名称": "合计"}])
    blocks = [
        Table("表 1", "短", numbered(5), 10),
        Table("表 2", "纸短", numbered(150), 10),
        Table("表 3", "屏短", numbered(300), 10),
        Table("表 4", "极长", pd.concat([numbered(4999), total], ignore_index=True), 900, True),
    ]
    page = read(write_web(small_report(blocks), tmp_path / "a.html"))
    shown = {caption.split("　")[1]: table for caption, table in tables_of(page).items()}
    counts = {name: len(table.findall("tbody/tr")) for name, table in shown.items()}
    assert counts == {"短": 5, "纸短": 150, "屏短": 200, "极长": MOST_ROWS}
    assert {name: len(table.findall("tbody/tr[@class='on-screen']")) for name, table in shown.items()} == {
        "短": 0, "纸短": 140, "屏短": 190, "极长": MOST_ROWS - 900,
    }  # fmt: skip
    assert rows_of(shown["极长"].find("tfoot")) == [["12,497,500", "合计"]]  # the sum is never cut off or sorted
    assert [note.text_content() for note in page.xpath("//p[contains(@class, 'in-view')]")] == [
        "本表共 300 行，此处列出前 200 行；全部见 Excel 工作底稿。",
        "本表共 4,999 行，此处列出前 3,000 行；全部见 Excel 工作底稿。",
    ]
    assert len(page.xpath("//p[contains(@class, 'in-print')]")) == 3
    assert [table.get("class") for table in shown.values()] == [None, "searched", "searched", "searched"]


def test_only_the_own_script_may_run_and_nothing_points_outside(tmp_path, reports):
    _, path, _ = reports["zh"]
    page = read(path)
    assert page.xpath("//link|//base|//form|//iframe|//object|//embed|//style[contains(., '@import')]") == []
    addresses = page.xpath("//@src|//@href|//@srcset|//@action")
    assert len(addresses) >= 8 and all(re.match("#|data:image/(svg\\+xml|png|jpeg);base64,", one) for one in addresses)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (script,) = re.findall(r'<script type="module">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}';" in policy
    assert "default-src 'none'" in policy and "eval" not in policy
    assert "<!--" not in _script() and not re.search("</?script", _script(), re.IGNORECASE)
    plain = write_web(small_report([Table("表 1", "短", numbered(5), 10)]), tmp_path / "b.html").read_text("utf-8")
    assert "<script" not in plain and "script-src 'none'" in plain and len(plain) < 20_000


def test_no_data_gives_sentences(tmp_path):
    page = read(write_web(report_on(Dataset.empty()), tmp_path / "a.html"))
    assert len(page.xpath("//h2")) == 3, "no empty section"
    for heading in page.xpath("//h2"):
        assert heading.getnext() is not None and heading.getnext().text_content().strip()
    frame = pd.DataFrame({"甲": [], "乙": []})
    page = read(write_web(small_report([Table("表 1", "空", frame, 5)]), tmp_path / "b.html"))
    assert page.xpath("//th/text()") == ["甲", "乙"] and "没有可列的行" in page.text_content()


def test_evidence_is_small_or_says_why_there_is_none(tmp_path):
    def none():
        raise InputError("找不到原件。请把文件放进 data/raw。")

    noise = Image.effect_noise((2400, 3200), 90).convert("RGB")
    text_page = Image.new("RGB", (2000, 900), "white")
    text_page.paste("red", (100, 100, 900, 140))
    views = [
        View("第 1 页", ["不是原件"], images=[noise, text_page]),
        View("第 2 页", [], tables=[CellTable([Box(0, 0, 1, 1, "<i>8</i>\x07", OWN, None)], 1, 2, 0)]),
    ]
    blocks = [Evidence(f"发现 {n}", lambda view=view: view) for n, view in enumerate(views, 1)]
    page = read(write_web(small_report([*blocks, Evidence("发现 3", none)]), tmp_path / "a.html"))
    pictures = [Image.open(BytesIO(base64.b64decode(one.split(",")[1]))) for one in page.xpath("//img/@src")]
    assert pictures[0].width == 700 and pictures[1].width == 1400 and pictures[1].mode == "P"  # noise is heavy
    red = pictures[1].convert("RGB").getpixel((350, 84))
    assert red[0] > 240 and red[1] < 20  # the frame around a cell keeps its colour
    assert all(len(one) < HEAVY * 1.4 for one in page.xpath("//img/@src")[1:])
    assert page.xpath("//mark")[0].text_content() == "<i>8</i>�"
    notes = [note.text_content() for note in page.xpath("//figure//p")]
    assert "找不到原件。请把文件放进 data/raw。" in notes and "不是原件" in notes


def test_a_file_that_cannot_be_written(tmp_path):
    (tmp_path / "文件").write_text("旧")
    with pytest.raises(InputError, match=r"写不了.*没有改动.*换一个位置"):
        write_web(small_report([]), tmp_path / "文件" / "a.html")

    def broken():
        raise ZeroDivisionError

    old = tmp_path / "a.html"
    old.write_text("旧")
    with pytest.raises(ZeroDivisionError):
        write_web(small_report([Text("一"), Figure("图 1", "", broken, "")]), old)
    assert old.read_text() == "旧" and sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "文件"]


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for argument in [*OPTIONS, *OFFLINE, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    yield driver
    driver.quit()


def opened(browser, path) -> None:
    """Open the file; nothing but it and what it carries is asked for, and the console is quiet."""
    browser.get("about:blank")
    for log in ("performance", "browser"):
        browser.get_log(log)
    browser.get(path.as_uri())
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
    own = [url for url in asked if not url.startswith("chrome://")]  # the browser's own first page
    assert path.as_uri() in own and {url.split(":")[0] for url in own} <= {"file", "data"}
    assert browser.get_log("browser") == []


def pages_of(browser) -> list[str]:
    """The text of each page as printed, without white space: on some pages pdfium gives a line to each sign."""
    given = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    document = pypdfium2.PdfDocument(base64.b64decode(given["data"]))
    try:
        sizes = {tuple(round(size) for size in document[k].get_size()) for k in range(len(document))}
        assert sizes <= {(595, 842), (596, 842), (842, 595), (842, 596)}
        for k in range(len(document)):  # an empty page has nothing above its number
            bitmap = document[k].render(scale=0.3).to_pil().convert("L")
            assert bitmap.crop((0, 0, bitmap.width, int(bitmap.height * 0.9))).getextrema()[0] < 200, f"page {k + 1}"
        return ["".join(document[k].get_textpage().get_text_range().split()) for k in range(len(document))]
    finally:
        document.close()


def wait(browser, condition):
    return WebDriverWait(browser, 20, poll_frequency=0.1).until(condition)


def shown_rows(browser, place: int = 0) -> list[list[str]]:
    return browser.execute_script(
        "return [...document.querySelectorAll('table.searched')[arguments[0]].tBodies[0].rows]"
        ".map(row => [...row.cells].map(cell => cell.textContent))",
        place,
    )


def found_by(row: list[str]) -> set[str]:
    """What the rows of the long table may be searched by in the test below."""
    return {row[0], row[0][:3], row[1].replace(",", ""), row[1][:7]}


@pytest.fixture(scope="module")
def long_table(tmp_path_factory):
    frame = pd.DataFrame(
        {"名称": [f"项目{n}号" for n in range(60)], "预算数": [AMOUNTS[n % 6] for n in range(60)], "数": range(60)}
    )
    total = pd.DataFrame([{"名称": "合计", "预算数": Decimal("11250.83"), "数": 1770}])
    table = Table("表 1", "项目", pd.concat([frame, total], ignore_index=True).astype(object), 40, True)
    other = Table("表 2", "另一张", numbered(30), 30)
    blocks = [Heading(1, "一、长表"), table, Heading(1, "二、另一张"), other]
    return write_web(
        small_report(blocks, facts=[("预算", "1,000.50")]), tmp_path_factory.mktemp("web") / "长 表#1.html"
    )


def test_a_table_is_searched_and_sorted(browser, long_table):
    opened(browser, long_table)
    assert len(shown_rows(browser)) == 25 and "第 1 至 25 行，共 60 行" in browser.page_source
    box = browser.find_element(By.CSS_SELECTOR, "main input[type=search]")
    for text, expected in (("项目17号", 1), ("1000.50 项目1", 2), ("1000.50", 10), ("1,000.5", 10), ("项目6号", 1)):
        box.clear()
        box.send_keys(text)
        wait(browser, lambda b, rows=expected: len(shown_rows(b)) == rows)
        assert all(set(text.split()) <= found_by(row) for row in shown_rows(browser))
    box.clear()
    box.send_keys(" ")
    wait(browser, lambda b: len(shown_rows(b)) == 25)
    head = browser.find_elements(By.CSS_SELECTOR, "table.searched th")[1]
    order = sorted([value for n in range(10) for value in AMOUNTS if value is not None])
    for direction, expected in (("asc", order), ("desc", order[::-1])):
        head.click()
        wait(browser, lambda b, d=direction: f"dt-ordering-{d}" in head.get_attribute("class"))
        seen = [row[1] for row in shown_rows(browser)]
        blanks = 10 if direction == "asc" else 0  # what is not known comes before all numbers
        assert seen == [""] * blanks + [printed(value, places=2) for value in expected[: 25 - blanks]]
    foot = browser.find_element(By.CSS_SELECTOR, "tfoot").text.split()
    assert foot == ["合计", "11,250.83", "1770"]


def test_all_tables_are_searched_at_once(browser, long_table):
    opened(browser, long_table)
    browser.find_element(By.ID, "everywhere").send_keys("7号")
    count = browser.find_element(By.CSS_SELECTOR, "output")
    wait(browser, lambda b: count.text == "各表共 9 行符合")
    assert [len(shown_rows(browser, k)) for k in (0, 1)] == [6, 3]


def test_paper_has_the_rows_it_has_room_for_whatever_is_searched(browser, long_table):
    opened(browser, long_table)
    box = browser.find_element(By.CSS_SELECTOR, "main input[type=search]")
    box.send_keys("没有这样的")
    wait(browser, lambda b: "没有符合的行" in shown_rows(b)[0][0])
    pages = pages_of(browser)
    text = "".join(pages)
    assert re.findall(r"项目(\d+)号", text) == [str(n) for n in range(40)]
    assert re.findall(r"第(\d+)号", text) == [str(n) for n in range(1, 31)]
    assert "纸面只列前40行" in text and "11,250.83" in text and "搜索" not in text and "每页" not in text
    assert f"第2页，共{len(pages)}页" in pages[1] and "1,000.50" in pages[0]
    assert sum("预算数" in page for page in pages[1:]) == sum(bool(re.search(r"项目\d+号", page)) for page in pages)
    assert text.count("11,250.83") == 1  # the sum stands at the end, not on each page
    wait(browser, lambda b: "没有符合的行" in shown_rows(b)[0][0])  # and the reader finds the page as it was


def test_a_report_is_printed_with_its_figures(browser, reports):
    report, path, _ = reports["zh"]
    opened(browser, path)
    assert browser.execute_script(
        "return [...document.images].every(i => i.complete && i.naturalWidth > 300 && i.naturalHeight > 40)"
    )
    text = "".join(pages_of(browser))
    for table in [block for block in report.blocks if isinstance(block, Table)]:
        own = table.frame.head(table.top)
        numbers = {
            printed(value, places=places_of(own[name]))
            for name in own
            for value in own[name]
            if isinstance(value, Decimal)
        }
        assert {number for number in numbers if number not in text} == set(), table.caption
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 400, "height": 850, "deviceScaleFactor": 1, "mobile": True}
    )
    try:
        browser.refresh()
        assert (
            browser.execute_script("return document.documentElement.scrollWidth") == 400
        )  # tables scroll, not the page
        assert browser.execute_script("return document.querySelector('nav details').open") is False
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_hostile_text_stays_text(browser, tmp_path):
    rows = HOSTILE + [f"行 {n}" for n in range(12)]
    columns = dict.fromkeys(HOSTILE[:4], rows) | {"数": [Decimal(n) for n in range(len(rows))]}
    frame = pd.DataFrame(columns, dtype=object)  # half a surrogate pair has no place in a column of str
    boxes = [Box(n, 0, 1, 1, text, OWN, None) for n, text in enumerate(HOSTILE)]
    view = View(HOSTILE[2], HOSTILE, tables=[CellTable(boxes, len(boxes), 2, 0)], legend={HOSTILE[0]: "#777777"})
    picture = View(HOSTILE[3], [], images=[Image.new("RGB", (300, 80), "white")])
    dataset = county(1, len(HOSTILE))
    drawn = profiles.allocation(dataset)
    drawn = drawn.assign(project_name=pd.Series(HOSTILE, dtype=object))
    blocks = [
        *[Heading(1, text) for text in HOSTILE],
        *[Text(text, "warning") for text in HOSTILE],
        Table(HOSTILE[0], HOSTILE[1], frame, 50),
        Figure("图 1", HOSTILE[2], lambda: charts.allocation_bars(drawn), HOSTILE[3]),
        Evidence(HOSTILE[1], lambda: view),
        Evidence("", lambda: picture),
    ]
    facts = [(text, text) for text in HOSTILE]
    title = HOSTILE[1] + HOSTILE[7] + HOSTILE[8]
    report = small_report(blocks, title=title, subtitle=HOSTILE[2], facts=facts)
    path = write_web(report, tmp_path / "=a<b>.html")
    written = path.read_bytes().decode("utf-8").split("<script type")[0]
    assert clean(written) == written  # nothing that is no text
    opened(browser, path)  # an alert would stop the browser here
    cleaned = [clean(text) for text in HOSTILE]
    found = browser.execute_script(
        """
        const texts = (places) => [...document.querySelectorAll(places)].map(one => one.textContent);
        return {
          title: texts('h1')[0], facts: texts('dd'), headings: texts('h2'), warnings: texts('p.warning'),
          links: texts('nav li a'), columns: texts('.dt-column-title'), marks: texts('mark').length,
          cells: [...document.querySelectorAll('table.searched tbody tr')].map(row => row.cells[0].textContent),
          alt: document.querySelector('.chart img').alt, scripts: document.scripts.length, caught: window.caught ?? null,
          images: [...document.images].filter(one => !one.src.startsWith('data:') || !one.naturalWidth).length,
          handlers: [...document.querySelectorAll('*')]
            .filter(one => [...one.attributes].some(a => a.name.startsWith('on'))).length,
        }
        """
    )
    assert found["title"] == clean(title) and found["facts"] == cleaned
    assert found["headings"] == found["warnings"] == found["links"] == cleaned
    assert found["columns"] == [*map(clean, HOSTILE[:4]), "数"] and found["cells"] == [*cleaned, *rows[-12:]]
    assert found["alt"] == HOSTILE[3] and found["marks"] == len(HOSTILE)
    assert (found["scripts"], found["caught"], found["images"], found["handlers"]) == (1, None, 0, 0)
    box = browser.find_element(By.CSS_SELECTOR, "main input[type=search]")
    box.send_keys("alert(1)</script>")
    wait(browser, lambda b: len(shown_rows(b)) == 1)
    assert shown_rows(browser)[0][0] == HOSTILE[0]
    head = browser.find_elements(By.CSS_SELECTOR, "table.searched th")[2]
    head.click()
    assert "为" * 1000 in "".join(pages_of(browser))
    # even if something had come through as a tag, the page's policy would not let it run
    browser.execute_script(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.caught = 5\">');"
        "const own = document.createElement('script'); own.textContent = 'window.caught = 6'; document.body.append(own);"
    )
    assert wait(browser, lambda b: [e for e in b.get_log("browser") if "Content Security Policy" in e["message"]])
    assert browser.execute_script("return window.caught ?? null") is None
