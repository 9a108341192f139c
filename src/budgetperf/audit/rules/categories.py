"""X07, X08: pay that stands in a category of projects."""

from budgetperf.audit.registry import found, rule
from budgetperf.audit.wording import is_pay

CATEGORY = ["projects.project_name", "projects.category_code"]
BASIS = "项目分类：人员类、运转类、特定目标类（参考预算项目分类规定）"


def _pay(tables):
    """(project, category as printed) of projects that pay persons in a post."""
    for project in tables.project_rows:
        if is_pay(project.project_name):
            yield project, "-".join(filter(None, [project.category_code, project.category_name]))


@rule("X07", "I", "工资性支出列在特定目标类", "工资、报酬、补贴等人员支出一般不列特定目标类", basis=BASIS, inputs=CATEGORY,
      title_en="pay listed as a specific-purpose project", across=False)  # fmt: skip
def pay_in_category_3(tables, thresholds, words):
    """X07."""
    for project, category in _pay(tables):
        if project.category_code.startswith("3") or "特定目标" in project.category_name:
            zh = f"名称表明是人员支出，项目类别为“{category}”"
            yield found(
                project, zh, f"pay in category {category}", {"name": project.project_name, "category": category}
            )


@rule("X08", "I", "工资性支出列在运转类", "工资、报酬、补贴等人员支出一般不列运转类", basis=BASIS, inputs=CATEGORY,
      title_en="pay listed as a running-cost project", across=False)  # fmt: skip
def pay_in_running_costs(tables, thresholds, words):
    """X08."""
    for project, category in _pay(tables):
        if project.category_code.startswith("2") or "运转" in project.category_name or "公用" in project.category_name:
            zh = f"名称表明是人员支出，项目类别为“{category}”"
            yield found(
                project, zh, f"pay in category {category}", {"name": project.project_name, "category": category}
            )
