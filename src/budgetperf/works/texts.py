"""How a document's frames hold their texts."""

import pandas as pd

# as Python's strings: Arrow's are made for long columns, and cost the many short frames of a document a quarter of its build
of_python = pd.option_context("mode.string_storage", "python")
