"""What a person sets by hand about a document: kept, shown as such, refused where it cannot be."""

from __future__ import annotations

import pytest

import qa


def test_what_is_set_by_hand_is_kept(tmp_path):
    file = tmp_path / "通知.txt"
    file.write_text("关于值班的通知\n\n节日期间由张工值班。\n", "utf-8")
    key = str(file)
    with qa.open_library(tmp_path / "library") as library:
        library.add([file])
        library.describe(key, issuer="省应急管理厅", kind="文件", title="节日值班通知")
        file.write_text("关于值班的通知\n\n节日期间由李工值班，电话保持畅通。\n", "utf-8")
        assert library.add([file]).updated == (key,)
    with qa.open_library(tmp_path / "library") as library:
        description = library.describe(key)
        assert (description.issuer, description.title) == ("省应急管理厅", "节日值班通知")
        assert {field.name: field.note for field in description.fields if field.note == "by hand"} == {name: "by hand" for name in ("issuer", "kind", "title")}
        assert library.search("节日值班通知")[0].document.title == "节日值班通知"
        assert library.describe(key, title=None, issuer=None).title == "关于值班的通知" and library.documents()[0].issuer == ""
        assert library.ask("节日期间由谁值班？").citations[0].document.title == "关于值班的通知"
        assert library.check().problems == ()
        library.remove(key)
        library.add([file])
        assert not [field for field in library.describe(key).fields if field.note == "by hand"]  # removed is removed


@pytest.mark.parametrize("facts", [{"colour": "红"}, {"kind": "小说"}, {"date": "去年"}, {"url": "javascript:alert(1)"}, {"issuer": "  "}, {"colour": None}])
def test_what_cannot_be_set_is_a_clear_error(tmp_path, facts):
    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("a", "通知", "食堂周五停业。")])
        with pytest.raises(qa.BadRequest):
            library.describe("a", **facts)
        with pytest.raises(qa.NoSuchDocument):
            library.describe("b", issuer="x")


def test_a_library_of_an_earlier_build_can_be_described(tmp_path):
    import sqlite3

    with qa.open_library(tmp_path / "library") as library:
        library.add_texts([("a", "通知", "食堂周五停业。")])
    with sqlite3.connect(tmp_path / "library" / "library.db") as db:
        db.execute("DROP TABLE facts")
    db.close()
    with qa.open_library(tmp_path / "library") as library:
        assert library.describe("a", issuer="食堂").issuer == "食堂"
