"""LibreOffice as the other program that opens what we wrote: conversion without a screen, in a profile of its own."""

import shutil
import subprocess
import tempfile
from pathlib import Path

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def converted(path: Path, suffix: str, out: Path, options: str = "") -> Path:
    """`path` converted by LibreOffice into `out`, as `suffix` (pdf, xlsx, csv …); fails where LibreOffice does.

    options: of the export filter, as "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1".
    """
    assert OFFICE, "LibreOffice is missing: install libreoffice-writer and libreoffice-calc (see .ci/run)"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [OFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", options or suffix]
        done = subprocess.run([*command, "--outdir", str(out), str(path)], capture_output=True, text=True, timeout=240)
    result = out / f"{path.stem}.{suffix}"
    assert result.is_file() or list(out.glob(f"{path.stem}*.{suffix}")), done.stdout + done.stderr
    return result
