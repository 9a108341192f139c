"""One printed table → its projects and indicators, mended on record and reconciled by the printed sums."""
