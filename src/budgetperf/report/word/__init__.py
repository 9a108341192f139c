"""The Word writers: the report (document) and 取证单 (evidence_sheets), on shared paper, parts and styles."""
