"""Checking a draft's quotations on the page: a real Word file through a real browser, the Word copy and the JSON read back."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from urllib.parse import quote

import docx
import pytest
from serving import api, request, serving_copy

import qa
from ui.drafts import Drafts

PARAGRAPHS = (
    "关于安全生产学习情况的汇报",
    "娄勤俭强调：“要在对标对表新思想中持续走好江苏安全发展之路。”",
    "吴政隆指出：“要用心感悟总书记关于安全生产重要论述的根本立场，始终把人民至上、生命至上作为根本价值遵循。”",
    "娄勤俭指出：“要用心感悟总书记关于安全生产重要论述的核心观念，把安全发展理念贯穿经济社会发展各个领域。”",
    "文件提出：“各单位每周一组织一次全员消防技能比武，成绩计入年度考核。”",
)
VERDICTS = ["一致", "出处有误", "有改动", "未找到"]


@pytest.fixture(scope="module")
def server(seeded, tmp_path_factory):
    with serving_copy(seeded, tmp_path_factory.mktemp("proof")) as server:
        yield server


@pytest.fixture
def draft(tmp_path) -> Path:
    """A draft as Word writes it."""
    document = docx.Document()
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    document.save(tmp_path / "汇报.docx")
    return tmp_path / "汇报.docx"


def at_proof(page, server) -> None:
    page.goto(server.address)
    page.locator(".places [data-place=proof]").click()


def verdicts(page) -> list[str]:
    return page.locator(".findings .verdict").all_inner_texts()


def test_a_word_draft_is_checked_marked_and_given_back_with_comments(server, page, draft):
    at_proof(page, server)
    page.locator(".draft-input").set_input_files(draft)
    page.wait_for_selector(".findings table")
    assert verdicts(page) == VERDICTS

    altered = page.locator("tr.finding", has=page.locator(".verdict.altered"))
    assert "念" in altered.locator("del").first.inner_text() and "点" in altered.locator("ins").first.inner_text()
    assert "江苏应急管理简报" in altered.inner_text() and "第31行" in altered.inner_text()
    altered.locator("button.open").click()
    page.wait_for_selector("#reading")
    assert page.locator("#reading").inner_text().startswith("要用心感悟总书记关于安全生产重要论述的核心观点")
    assert page.locator(".findings").is_visible()  # beside the original
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()

    page.locator(".chip.wrong").click()
    page.wait_for_function("document.querySelectorAll('.findings .verdict').length === 3")
    assert verdicts(page) == VERDICTS[1:]

    with page.expect_download() as download:
        page.locator(".findings .export a").first.click()
    assert download.value.suggested_filename == "汇报（已核对）.docx"
    commented = docx.Document(download.value.path())
    assert [paragraph.text for paragraph in commented.paragraphs] == list(PARAGRAPHS)
    assert [comment.paragraphs[0].text.split("。")[0] for comment in commented.comments] == VERDICTS
    with page.expect_download() as download:
        page.locator(".findings .export a").last.click()
    told = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert [finding["verdict"] for finding in told] == ["exact", "misattributed", "altered", "not_found"]


def test_pasted_text_is_checked_in_the_language_of_the_page_and_found_again_after_a_reload(server, page):
    page.goto(f"{server.address}?lang=en")
    page.locator(".places [data-place=proof]").click()
    page.locator(".draft-text").fill("\n".join(PARAGRAPHS))
    page.locator("[data-check]").click()
    page.wait_for_selector(".findings table")
    assert verdicts(page) == ["Exact", "Misattributed", "Altered", "Not found"]
    page.reload()
    page.wait_for_selector(".findings table")
    assert page.locator("#proof").is_visible() and verdicts(page)[2] == "Altered"
    page.locator(".places [data-place=conversation]").click()
    assert page.locator("#chat").is_visible() and not page.locator("#proof").is_visible()


def test_a_draft_that_cannot_be_read_says_so(server, page, tmp_path):
    (tmp_path / "坏的.docx").write_bytes(b"PK\x03\x04 nothing of the kind")
    at_proof(page, server)
    page.locator(".draft-input").set_input_files(tmp_path / "坏的.docx")
    page.wait_for_selector("#proofing .problem")
    assert "坏的.docx" in page.locator("#proofing .problem").inner_text()


def test_what_was_not_found_is_found_once_its_document_is_added(server, page):
    sentence = "各单位每周一组织一次全员消防技能比武，成绩计入年度考核。"
    at_proof(page, server)
    page.locator(".draft-text").fill(f"文件提出：“{sentence}”")
    page.locator("[data-check]").click()
    page.wait_for_selector(".verdict.not_found")
    status, taken = api(server, "PUT", f"/documents/{quote('比武通知')}.txt", f"关于技能比武的通知\n\n{sentence}\n".encode())
    assert status == 200
    page.locator("[data-again]").click()
    page.wait_for_selector(".verdict.exact")
    assert api(server, "DELETE", f"/documents/{taken['added'][0]['id']}")[0] == 200


def test_a_long_draft_shows_how_far_it_is_and_can_be_stopped(server, page, tmp_path):
    words = [f"第{number}号仓库应当在每月{number % 28 + 1}日检查第{number}号设备并且登记在册{number}次" for number in range(4000)]
    (tmp_path / "长.txt").write_text("\n".join(f"通知要求：“{one}。”" for one in words), "utf-8")
    at_proof(page, server)
    page.locator(".draft-input").set_input_files(tmp_path / "长.txt")
    page.wait_for_function("/\\/4000/.test(document.querySelector('#proofing .progress').innerText)")
    page.locator("#proofing .progress button").click()
    page.wait_for_selector("#proofing .problem:text('已停止')")
    assert page.locator(".findings").count() == 0
    page.locator(".draft-text").fill("\n".join(PARAGRAPHS))  # the next one need not wait for it
    page.locator("[data-check]").click()
    page.wait_for_selector(".findings table")
    assert verdicts(page) == VERDICTS


def test_drafts_are_limited_and_belong_to_whom_they_were_sent_by(server, tmp_path):
    id = "d" * 32
    assert api(server, "PUT", f"/drafts/{id}/a.exe", b"MZ")[0] == 400
    assert api(server, "PUT", f"/drafts/{id}/{quote('大')}.txt", b"x" * (20 << 20) + b"x")[0] == 413
    assert api(server, "GET", f"/drafts/{id}")[0] == 400
    assert api(server, "PUT", f"/drafts/{id}/a.txt", "会议指出：“持续走好江苏安全发展之路。”".encode())[0] == 200
    assert api(server, "PUT", f"/drafts/{id}/b.txt", b"x")[0] == 400  # not over somebody's draft
    while (state := api(server, "GET", f"/drafts/{id}")[1])["state"] == "checking":
        time.sleep(0.05)
    assert state["state"] == "done"
    copy = request(server, "GET", f"/drafts/{id}/commented.docx")
    assert copy.status == 200 and docx.Document(io.BytesIO(copy.body)).paragraphs
    with qa.open_library(tmp_path / "library") as library:
        drafts = Drafts(library)
        drafts._held[id] = type("Other", (), {"owner": "alice"})()
        with pytest.raises(qa.BadRequest):
            drafts.get(id, "bob")
