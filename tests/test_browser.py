"""The notebooks in JupyterLab in a real browser: run all cells, see the charts and the tables, search, pick a row.

Screenshots are taken where BUDGETPERF_SCREENSHOTS names a folder for them.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from datasets import real_document
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from budgetperf.tables.store import save

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
ALLOCATION, INDICATORS, FINDINGS = "01_allocation.ipynb", "02_indicators.ipynb", "04_findings.ipynb"
CHARTS = {ALLOCATION: 6, INDICATORS: 5, "03_weights.ipynb": 4}  # at least
TOKEN = "only-for-this-test"
PATIENCE = 240  # seconds for a notebook on a busy machine
OPTIONS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
OPTIONS += ["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]
OPTIONS += ["--window-size=1400,1000", "--lang=zh-CN"]
# every name but this machine's is unknown to the browser: nothing may come from a network
OPTIONS += ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]


def program(*names: str) -> str:
    """Path of the first of these programs that exists; a missing browser is a failure, not a reason to skip."""
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, f"{names[0]} is missing: install Debian's packages chromium and chromium-driver (apt-get install ...)"
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A working folder: a copy of the notebooks beside a build of the real document."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    save(real_document(), folder / "data/clean")
    return folder


@pytest.fixture(scope="module")
def lab(project):
    """Address of a JupyterLab started in the working folder, with its settings as a user finds them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"LabApp.expose_app_in_browser": "True", "ServerApp.token": TOKEN, "IdentityProvider.token": TOKEN}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--allow-root"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={project}"]
    command += [f"--{name}={value}" for name, value in settings.items()]
    environment = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    environment |= {"JUPYTER_CONFIG_DIR": str(project / ".jupyter"), "HOME": str(project)}
    with (project / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=project)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 90
        while True:
            assert server.poll() is None, (project / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5).read()
                break
            except OSError:
                assert time.monotonic() < until, (project / "server.log").read_text()
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(90)  # it ends its kernels first
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for argument in [*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


def wait(browser, condition, seconds: int = PATIENCE):
    """What a condition gives once it holds; elements that are drawn anew while it is asked are asked for again."""
    drawn_anew = [StaleElementReferenceException]
    return WebDriverWait(browser, seconds, poll_frequency=0.5, ignored_exceptions=drawn_anew).until(condition)


def command(browser, name: str) -> None:
    """Run one of JupyterLab's commands, as its menus do."""
    browser.execute_script("window.jupyterapp.commands.execute(arguments[0]); return null;", name)


def state(browser) -> dict:
    """What the open notebook shows: code cells, those done, errors, charts, tables, still running."""
    return browser.execute_script(
        """
        const panel = window.jupyterapp.shell.currentWidget;
        if (!panel || !panel.content || !panel.content.widgets || !panel.content.model) return null;
        const cells = panel.content.widgets.filter(w => w.model.type === 'code');
        const outputs = cells.flatMap(w => w.model.outputs.toJSON());
        return {
          cells: cells.length,
          done: cells.filter(w => w.model.executionCount !== null).length,
          status: panel.sessionContext.session?.kernel?.status ?? 'none',
          errors: outputs.filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue),
          warnings: outputs.filter(o => o.output_type === 'stream' && o.name === 'stderr').map(o => o.text),
          charts: outputs.filter(o => o.data && o.data['image/png']).length,
          tables: outputs.filter(o => o.data && (o.data['text/html'] || '').includes('dataTable')).length,
        };
        """
    )


def open_alone(browser, lab: str, name: str) -> None:
    """The notebook in the window that is open, which is loaded once; the one before it is put away with its kernel."""
    if not browser.execute_script("return !!window.jupyterapp"):
        browser.get(f"{lab}/lab?token={TOKEN}&reset")
        wait(browser, lambda b: b.execute_script("return !!window.jupyterapp"), 60)
    browser.execute_async_script(
        """
        const [path, done] = arguments, app = window.jupyterapp, before = app.shell.currentWidget;
        (async () => {
          if (before?.sessionContext) { await before.sessionContext.shutdown(); before.dispose(); }
          await app.commands.execute('docmanager:open', {path});
        })().then(() => done(), error => done(String(error)));
        """,
        f"notebooks/{name}",
    )
    opened = "return window.jupyterapp.shell.currentWidget?.context?.path"
    wait(browser, lambda b: b.execute_script(opened) == f"notebooks/{name}", 60)


def run_all(browser, lab: str, name: str) -> dict:
    open_alone(browser, lab, name)
    wait(browser, lambda b: (state(b) or {}).get("status") == "idle", 90)
    # all cells are drawn, not only those in view
    browser.execute_script(
        "window.jupyterapp.shell.currentWidget.content.notebookConfig = "
        "{...window.jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}"
    )
    command(browser, "runmenu:run-all")
    wait(browser, lambda b: ((s := state(b)) and s["done"] == s["cells"] and s["status"] == "idle") or s["errors"])
    return state(browser)


def shoot(browser, stem: str) -> None:
    """A picture of the window, where pictures are asked for."""
    if folder := os.environ.get("BUDGETPERF_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        browser.save_screenshot(str(Path(folder) / f"{stem}.png"))


def shoot_all(browser, stem: str) -> None:
    """One picture of each screenful of the notebook, where pictures are asked for."""
    if not os.environ.get("BUDGETPERF_SCREENSHOTS"):
        return
    view = browser.find_element(By.CSS_SELECTOR, ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer")
    height = browser.execute_script("arguments[0].scrollTop = 0; return arguments[0].scrollHeight", view)
    step = browser.execute_script("return arguments[0].clientHeight", view) - 60
    for number, top in enumerate(range(0, max(1, height), step)):
        browser.execute_script("arguments[0].scrollTop = arguments[1]", view, top)
        time.sleep(0.25)
        shoot(browser, f"{stem}-{number:02d}")


def requests_outside(browser, lab: str) -> list[str]:
    """Addresses that the browser asked for which are not this machine's."""
    asked = []
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
    return [url for url in asked if url.startswith("http") and not url.startswith(lab)]


def test_the_first_page_is_the_list_of_notebooks_rendered(browser, lab):
    browser.get(f"{lab}/?token={TOKEN}")
    page = wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".jp-MarkdownViewer table"), 90)[0]
    assert all(name in page.text for name in NOTEBOOKS)
    time.sleep(2)  # a question about news would come now
    shoot(browser, "first-page")
    assert not browser.find_elements(By.CSS_SELECTOR, ".jp-toastContainer .Toastify__toast, .jp-Dialog")


def runs(browser, lab, name) -> None:
    """The notebook runs whole: charts of some size, tables, no errors, nothing from a network."""
    found = run_all(browser, lab, name)
    assert found["errors"] == [] and found["warnings"] == [] and found["done"] == found["cells"]
    shoot_all(browser, name.removesuffix(".ipynb"))
    # fonts.googleapis or a CDN would break the notebook where there is no network
    assert requests_outside(browser, lab) == []
    assert found["charts"] >= CHARTS.get(name, 0) and found["tables"] >= (3 if name in CHARTS else 0)
    sizes = browser.execute_script(
        "return [...document.querySelectorAll('.jp-OutputArea-output img')].map(i => [i.naturalWidth, i.naturalHeight])"
    )
    assert len(sizes) >= CHARTS.get(name, 0) and all(width > 300 and height > 100 for width, height in sizes)


@pytest.mark.parametrize("name", sorted(set(NOTEBOOKS) - {ALLOCATION, INDICATORS, FINDINGS}))
def test_notebook_runs_in_the_browser(browser, lab, name):
    runs(browser, lab, name)


def test_a_notebook_runs_and_a_table_is_searched_and_sorted(browser, lab):
    runs(browser, lab, INDICATORS)
    boxes = wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".dt-container input[type=search]"))
    big = [box for box in boxes if "共 153 行" in container(browser, box).text]
    assert len(big) == 1  # the table of all indicators
    table = container(browser, big[0])
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", big[0])
    big[0].send_keys("居民满意度")
    wait(browser, lambda b: "从 153 行中筛选" in table.text, 20)
    rows = [row.text for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")]
    assert rows and all("居民满意度" in row for row in rows)
    shoot(browser, "table-searched")
    big[0].clear()
    big[0].send_keys("没有这样的指标")
    wait(browser, lambda b: "没有符合的行" in table.text, 20)
    big[0].clear()
    big[0].send_keys(" ")
    head = next(th for th in table.find_elements(By.CSS_SELECTOR, "thead th") if "权重" in th.text)
    for order in ("asc", "desc"):
        head.click()
        wait(browser, lambda b, order=order: f"dt-ordering-{order}" in head.get_attribute("class"), 20)
    column = [th.text for th in table.find_elements(By.CSS_SELECTOR, "thead th")].index(head.text)
    first = table.find_elements(By.CSS_SELECTOR, "tbody tr")[0].find_elements(By.TAG_NAME, "td")[column]
    assert first.text == "30"  # as a number: as a text 5 would come before 30


def container(browser, element):
    return browser.execute_script("return arguments[0].closest('.dt-container')", element)


def test_a_notebook_runs_and_a_reader_picks_a_project_and_sees_the_evidence(browser, lab):
    runs(browser, lab, ALLOCATION)
    menus = wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".widget-dropdown select"))
    assert len(menus) == 4
    unit, category, project, indicator = (Select(menu) for menu in menus)
    assert [option.text for option in category.options] == ["全部", "特定目标类"] and len(unit.options) == 2
    browser.execute_script("arguments[0].scrollIntoView({block: 'start'})", menus[0])
    project.select_by_visible_text("食堂运转经费（11.88 万元）")
    wait(browser, lambda b: len(indicator.options) == 7, 30)  # the project itself and six indicators
    indicator.select_by_index(1)
    name = indicator.options[1].text.split()[-1]
    wait(browser, lambda b: "食堂运转经费" in b.find_element(By.CSS_SELECTOR, ".widget-html").text, 30)
    html = browser.find_elements(By.CSS_SELECTOR, ".widget-html-content")
    shown = wait(
        browser, lambda b: (name in html[-1].text and html[-1].text) or html[-1].find_elements(By.TAG_NAME, "img"), 30
    )
    shoot(browser, "picked")
    assert shown and "Traceback" not in html[-1].text


def test_a_notebook_runs_and_a_finding_is_decided_and_stands_in_the_file(browser, lab, project):
    runs(browser, lab, FINDINGS)
    file = project / "data/decisions.csv"
    menus = wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".widget-dropdown select"))
    assert len(menus) == 4 and not file.exists()
    rule, finding = Select(menus[1]), Select(menus[3])
    assert [Select(menu).first_selected_option.text for menu in menus[:3]] == ["全部"] * 3
    browser.execute_script("arguments[0].scrollIntoView({block: 'start'})", menus[0])
    every = len(finding.options)
    rule.select_by_index(1)
    code = rule.first_selected_option.text.split()[0]
    wait(browser, lambda b: all(option.text.startswith(code) for option in finding.options), 30)
    assert 0 < len(finding.options) < every
    confirm = next(one for one in browser.find_elements(By.CSS_SELECTOR, "button.widget-button") if one.text == "确认")
    confirm.click()  # neither reason nor name: nothing is written
    time.sleep(1)
    assert not file.exists()
    for box, text in zip(
        browser.find_elements(By.CSS_SELECTOR, ".widget-text input"), ("已核对原件", "张三"), strict=True
    ):
        box.send_keys(text, Keys.TAB)
    confirm.click()
    wait(browser, lambda b: "已记下" in b.find_elements(By.CSS_SELECTOR, ".widget-html-content")[-1].text, 30)
    shoot(browser, "decided")
    text = file.read_text(encoding="utf-8-sig")
    assert "已核对原件" in text and "张三" in text and code in text
