"""Archives among the documents: what is inside is read, within bounds; what cannot be is named."""

import zipfile

import pytest
from openpyxl import Workbook

from budgetperf.pipeline import build
from budgetperf.readers import archive

PAGE = "<table><tr><td>项目名称<td>一级指标<td>二级指标<td>三级指标<td>指标值<td>权重<tr><td>道路<td>产出<td>数量<td>里程<td>5公里<td>90</table>"


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def names(path):
    with archive.unpacked([path]) as found:
        return [file.name for file in found], [file for file in found if file.exists()]


def test_documents_of_an_archive_are_read_each_by_itself(tmp_path):
    members = {"甲/a.html": PAGE, "b.txt": "无", "c.py": "", "__MACOSX/.a.html": PAGE, "../../d.csv": "没有"}
    dataset = build([zipped(tmp_path / "all.zip", **members)], jobs=0)
    assert sorted(dataset.documents["source"]) == ["a.html", "b.txt", "d.csv"]
    assert dataset.projects["project_name"].tolist() == ["道路"]
    assert [path.name for path in tmp_path.iterdir()] == ["all.zip"]


def test_a_page_with_frames_inside_an_archive_is_one_document(tmp_path):
    frames = '<frameset><frame src="book.files/sheet001.htm"></frameset>'
    dataset = build([zipped(tmp_path / "a.zip", **{"book.htm": frames, "book.files/sheet001.htm": PAGE})], jobs=0)
    assert dataset.documents["source"].tolist() == ["book.htm"] and len(dataset.indicators) == 1


def test_names_in_gbk_come_out_as_they_were(tmp_path):
    gbk = "预算.html".encode("gbk").decode("cp437")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("x" * len("预算.html".encode("gbk")), PAGE)
    data = (tmp_path / "a.zip").read_bytes().replace(b"x" * 9, gbk.encode("cp437"))
    (tmp_path / "a.zip").write_bytes(data)
    assert names(tmp_path / "a.zip")[0] == ["预算.html"]


def test_what_is_no_archive_of_documents_stays_and_is_named(tmp_path, monkeypatch):
    Workbook().save(tmp_path / "book.zip")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"\x99" * 50)
    zipped(tmp_path / "none.zip", **{"a.py": "x"})
    zipped(tmp_path / "many.zip", **{f"{k}.txt": "无" for k in range(4)})
    zipped(tmp_path / "big.zip", **{"a.txt": "无" * 1000})
    monkeypatch.setattr(archive, "MEMBERS", 3)
    monkeypatch.setattr(archive, "UNPACKED", 500)
    for name in ("book", "broken", "none", "many", "big"):
        assert names(tmp_path / f"{name}.zip")[0] == [f"{name}.zip"]
    dataset = build([tmp_path / "none.zip"], jobs=0)
    assert dataset.documents["status"].item() == "unreadable" and "压缩包" in dataset.findings["message"].iat[0]


@pytest.mark.parametrize("name", ["a.zip", "a.pdf"])
def test_a_file_that_is_not_there_stays_in_the_list(tmp_path, name):
    assert names(tmp_path / name)[0] == [name]
