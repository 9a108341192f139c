"""Installed with the package: `uv run jupyter lab` in the project opens on the list of notebooks."""

from pathlib import Path

if Path("notebooks/README.md").is_file():
    get_config().LabApp.default_url = "/lab/tree/notebooks/README.md?factory=Markdown%20Preview"  # noqa: F821
