"""The audit's own rules: every file laid down here is found by `budgetperf.audit.load`; one idea a file."""
