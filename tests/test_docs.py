"""The papers are true: commands exist and run, functions are documented, examples give what they say."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from budgetperf import clean, cli
from budgetperf.charts.export import PICTURES, PICTURES_OF_YEARS

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]
PAGES = [
    *READMES,
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    *(str(p.relative_to(ROOT)) for p in sorted((ROOT / "docs").glob("*.md"))),
]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)


def test_every_cleaning_function_is_documented_and_no_other():
    named = set(re.findall(r"^- ((?:`\w+`[、，])*`\w+`)：", page("docs/cleaning.md"), re.MULTILINE))
    functions = {name for line in named for name in re.findall(r"`(\w+)`", line)}
    assert functions == set(clean.__all__)


@pytest.mark.parametrize("name", ["docs/cleaning.md", "README.md"])  # both readmes have the same code
def test_examples_give_what_they_say(name, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = "\n".join(blocks(name, "python"))
    assert ">>>" in text
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    report = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS, verbose=False)
    runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize("name", READMES)
def test_readme_commands_exist(name):
    lines = [line for block in blocks(name, "sh") for line in block.splitlines() if line and not line.startswith("#")]
    assert "python3 -m pip install uv && uv run budgetperf build" in lines and "uv run pytest" in lines
    for line in lines:
        for part in line.split("&&"):
            words = shlex.split(part)
            if words[:3] == ["uv", "run", "budgetperf"]:
                assert words[3] in cli.COMMANDS
            elif words[:2] == ["uv", "run"] and words[2] == "python":
                assert (ROOT / words[3]).is_file()
            else:
                assert words[:4] == ["python3", "-m", "pip", "install"] or words[:3] == ["uv", "run", "pytest"], part


def test_the_readmes_build_command_runs_and_says_what_they_say(tmp_path):
    command = [sys.executable, "-m", "budgetperf.cli", "build", "--out", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    line = next(line for line in run.stdout.splitlines() if "huangyuan-chengguan-2024" in line)
    sums = "预算合计 1,536.74 万元（印刷合计 1,536.74 万元）"
    shown = f"[勾稽一致] huangyuan-chengguan-2024-approval.txt：项目 21，指标 153，{sums}"
    assert line.startswith(shown)
    assert all(shown in page(name) for name in READMES)


def test_every_command_is_in_the_docs():
    text = page("docs/cli.md")
    for command in cli.COMMANDS:
        assert re.search(rf"^## budgetperf {command}$", text, re.MULTILINE)
    command = [sys.executable, "-m", "budgetperf.cli", "build", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60).stdout
    options = re.findall(r"--[a-z-]+", shown)
    assert set(options) - {"--help"} and all(option in text for option in set(options) - {"--help"})


@pytest.mark.parametrize("name", PAGES)
def test_links_point_to_files(name):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page(name)):
        assert ((ROOT / name).parent / target).exists(), target


def test_both_readmes_say_the_same():
    """Same headings in number and order, same code, same links."""
    english, chinese = (page(name) for name in READMES)
    assert len(re.findall(r"^#+ ", english, re.MULTILINE)) == len(re.findall(r"^#+ ", chinese, re.MULTILINE))
    for language in ("sh", "python", "text"):
        assert blocks(READMES[0], language) == blocks(READMES[1], language)
    links = [set(re.findall(r"\]\(([^)]+)\)", text)) - set(READMES) for text in (english, chinese)]
    assert links[0] == links[1]


def test_version_is_the_changelogs():
    import budgetperf

    assert re.search(rf"^## \[?{re.escape(budgetperf.__version__)}\]?", page("CHANGELOG.md"), re.MULTILINE)
    assert f'version = "{budgetperf.__version__}"' in page("pyproject.toml")


def test_the_picture_of_the_rooms_is_that_of_the_imports():
    run = subprocess.run([sys.executable, "docs/make_architecture.py", "--check"], cwd=ROOT, timeout=120)
    assert run.returncode == 0, "uv run python docs/make_architecture.py"


def test_the_gallery_shows_every_chart_in_small_pictures():
    text = page("docs/gallery.md")
    for picture in [*PICTURES, *PICTURES_OF_YEARS]:
        assert f"## {picture.words}\n\n`{getattr(picture.draw, 'func', picture.draw).__name__}`" in text
    shown = {ROOT / "docs" / name for name in re.findall(r"\]\((images/gallery/.*?\.png)\)", text)}
    assert shown == set((ROOT / "docs/images/gallery").iterdir()) and len(shown) > 20
    assert all(path.stat().st_size < 100_000 for path in shown)
