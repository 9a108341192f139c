"""The rules and the reconciliation checks: `audit(dataset)` gives the findings; `rule` and `found` write a rule."""

from budgetperf.audit.registry import Found, Rule, found, rule

__all__ = ["Found", "Rule", "audit", "found", "rule"]


def __getattr__(name: str):
    # audit loads the rules, and the rules import `found` and `rule` from here
    if name == "audit":
        from budgetperf.audit.run import audit

        return audit
    raise AttributeError(f"module 'budgetperf.audit' has no attribute {name!r}")
