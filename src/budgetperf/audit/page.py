"""docs/rules.md, made from the rules: `uv run python -m budgetperf.audit.page docs/rules.md`."""

from itertools import chain
from pathlib import Path

from budgetperf.audit.config import Config, load_config
from budgetperf.audit.load import all_rules
from budgetperf.audit.registry import FAMILIES, Rule

HEAD = """# 审计规则 Audit rules

由规则自身生成，请勿手改。Generated; regenerate with `uv run python -m budgetperf.audit.page docs/rules.md`.

级别：E 须说明，W 须复核，I 供参考。“本工具阈值”是我们定的，不是法规；“参考”之后的文件是凭记忆列出的线索，引用前请核对原文。
依据了修复过的单元格的发现标“不确定”（`uncertain`）；识读时就没有通过校验的单元格，不据以指责单位。
一条规则在一个文件里说得太多时，按项目或按文件合成一条，写明条数，逐条列在 `evidence` 里。
Severity: E explain, W review, I note. A finding on a repaired cell is `uncertain`; a cell whose reading failed a check
gives none. Where a rule speaks of many, they are summed up once a project or document.
"""
FOOT = """
## 改阈值、关规则 Thresholds

在工作文件夹里放一个 `budgetperf.toml`；数字覆盖默认值，词表在默认之外追加。全部默认值见 `src/budgetperf/audit/rules.toml`。

```toml
[audit]
off = ["Q05"]                  # 不用的规则
decisions = "data/decisions.csv"

[audit.severity]
L02 = "W"

[audit.L01]
warn_below = 75

[audit.words]
spending = ["耗材"]
```

## 自己的规则 Rules of your own

一个 Python 文件，用 `budgetperf audit --rules 我的规则.py` 运行；或作为 `budgetperf.rules` 组的入口点（entry point）安装。
规则是 `(tables, thresholds, words)` 的函数，逐个给出 `found(...)`；`tables` 的列见 `budgetperf.audit.subject.Tables`。
只看一份文件、不与别的文件比较的规则可以写明 `across=False`：它的发现随文件保存，文件不变就不再重算。

```python
from budgetperf.audit import found, rule


@rule("U01", "W", "培训超过两周", "培训天数超过 14 天", basis="本单位培训管理办法", inputs=["indicators.target_value"])
def long_training(tables, thresholds, words):
    rows = tables.indicators
    for row in rows[rows["text"].str.contains("培训") & (rows["unit"] == "天") & (rows["value"] > 14)].itertuples():
        yield found(row, f"培训 {row.value:g} 天，超过 14 天", f"{row.value:g} days of training", {"days": row.value})
```

## 处理决定 Decisions

`data/decisions.csv`（UTF-8 或 Excel 存的 GB18030），列：`finding_id`、`decision`（confirmed/确认、dismissed/驳回、
explained/已说明）、`decision_reason`（理由）、`decided_by`、`decided_on`、`rule`、`message`。发现编号由规则、对象（单位、年度、项目、指标）
和内容（所依据的原文和数字）得出，重新构建、改变行序或文件名都不变；内容变了，原决定即失效，`budgetperf audit` 会列出。
在 Python 里：`budgetperf.audit.decisions.decide(文件, 选出的发现, "dismissed", 理由, 姓名)`。

设置里写了没有的编号即是错误；自己的规则请用上面各类之外的字母，如 U。Ids of your own begin with another letter.
"""


def rules_page(config: Config | None = None) -> str:
    """The Markdown page docs/rules.md: every rule by family, with its basis and default thresholds."""
    config = config or load_config(None)
    rules = [one for one in all_rules() if one.run.__module__.startswith("budgetperf.")]
    families = dict.fromkeys(one.id[0] for one in rules)
    return HEAD + "".join(chain.from_iterable(_family(f, rules, config) for f in families)) + FOOT


def _family(letter: str, rules: list[Rule], config: Config):
    yield f"\n## {letter} {FAMILIES[letter]}\n\n| 规则 rule | 级别 | 名称 title | 内容 what | 依据 basis | 所用列 inputs |\n"
    yield "|---|---|---|---|---|---|\n"
    for one in rules:
        if one.id[0] == letter:
            inputs = "、".join(f"`{name}`" for name in one.inputs) or "`checks`"
            title = f"{one.title}<br>{one.title_en}"
            yield f"| {one.id} | {one.severity} | {title} | {one.what} | {one.basis_with(config.of(one.id))} | {inputs} |\n"


def explained(one: Rule, config: Config) -> str:
    """One rule in words, with its thresholds, for the terminal."""
    thresholds = "".join(f"\n  {key} = {value}" for key, value in config.of(one.id).items())
    return (
        f"{one.id} {config.values['severity'].get(one.id, one.severity)} {one.title}（{one.title_en}）\n"
        f"内容：{one.what}\n依据：{one.basis_with(config.of(one.id))}\n所用列：{'、'.join(one.inputs) or 'checks'}"
        + (f"\n阈值（budgetperf.toml 的 [audit.{one.id}]）：{thresholds}" if thresholds else "")
    )


if __name__ == "__main__":
    import sys

    Path(sys.argv[1]).write_text(rules_page(), encoding="utf-8", newline="\n")
