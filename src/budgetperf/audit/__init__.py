"""Reconciliation by the document's own sums, and the rules by which an auditor reads the tables."""
