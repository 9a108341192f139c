"""The field's closed lists and notation: what words, numbers, targets and codes mean, known to every other room."""
