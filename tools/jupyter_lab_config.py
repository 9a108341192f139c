"""Read by every `jupyter lab` of this environment; sets something in a working folder of budgetperf only.

There the interface opens on the list of notebooks, rendered, without a question about news, in Chinese for Chinese readers.
"""

from pathlib import Path

if Path("notebooks/00_reading.ipynb").is_file() and Path("notebooks/README.md").is_file():
    from budgetperf.notebooks.folder import lab_settings

    for _name, _value in lab_settings().items():
        setattr(get_config().LabApp, _name, _value)  # noqa: F821
