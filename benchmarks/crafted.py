"""What files made to take all memory or time take: seconds of the processor and megabytes of a build of each, and its answer.

`uv run python benchmarks/crafted.py [--only WORD] [--write docs/limits.md]` draws each of `tests/crafted.py`, builds it
under the limits that are set ([build] seconds, memory_mb) in a worker, and prints a table; `--write` puts it into the
page that says what holds.
"""

import argparse
import contextlib
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

import budgetperf

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from crafted import CRAFTED, draw

TITLES = {"reconciled": "勾稽一致", "open": "待核对", "unreadable": "无法读取"}
BEGIN, END = "<!-- 由 benchmarks/crafted.py 写入 -->", "<!-- 特制文件到此为止 -->"


def measured(path: Path) -> tuple[float, float, str]:
    """Seconds of the processor and most megabytes of this process and its workers in a build; what was said."""
    me, over, used, memory = psutil.Process(), threading.Event(), {}, [0]

    def look() -> None:
        while not over.wait(0.05):
            for one in [me, *me.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    spent = sum(one.cpu_times()[:2])
                    used.setdefault(one.pid, [spent if one.create_time() < began else 0, 0])[1] = spent
                    memory[0] = max(memory[0], one.memory_info().rss)

    began = time.time()
    watch = threading.Thread(target=look)
    watch.start()
    try:
        dataset = budgetperf.build([path])
    finally:
        over.set()
        watch.join()
    return sum(last - first for first, last in used.values()), memory[0] / 2**20, answer(dataset)


def answer(dataset: budgetperf.Dataset) -> str:
    """Why documents were not read, else what was."""
    reasons = dataset.findings.loc[dataset.findings["rule"] == "R01", "message"]
    status = "、".join(TITLES[name] for name in dataset.documents["status"])
    return (
        "；".join(m.split("：", 1)[1].split("。")[0] for m in reasons) or f"{status}，{len(dataset.indicators)} 条指标"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="files whose name holds this word")
    parser.add_argument("--write", type=Path, help="page whose marked part the table replaces")
    arguments = parser.parse_args()
    lines = ["| 文件 | 大小 KB | 处理器秒 | 内存 MB | 答复 |", "|---|---:|---:|---:|---|"]
    for name in [name for name in CRAFTED if arguments.only in name]:
        with tempfile.TemporaryDirectory() as folder:
            path = draw(name, Path(folder))
            size = path.stat().st_size / 1024 if path.is_file() else 0
            processor, memory, said = measured(path)
        lines.append(f"| {name} | {size:,.0f} | {processor:.1f} | {memory:,.0f} | {said.replace('|', '｜')[:120]} |")
        print(lines[-1], flush=True)
    if arguments.write:
        page, part = arguments.write.read_text(encoding="utf-8"), "\n\n".join([BEGIN, "\n".join(lines), END])
        pattern = f"{re.escape(BEGIN)}.*?{re.escape(END)}"
        arguments.write.write_text(re.sub(pattern, lambda _: part, page, flags=re.DOTALL), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
