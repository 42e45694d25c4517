"""Who is let in, and what is whose."""

from __future__ import annotations

import base64

import pytest
from conftest import QUESTION
from serving import api, ask, request, serving, two_users

import qa
from ui.login import Login, line


def test_with_a_login_nobody_sees_what_is_anothers(seeds_library, tmp_path, browser):
    users = two_users(tmp_path)
    assert "geheim" not in users.read_text() and users.stat().st_mode & 0o077 == 0
    with serving(seeds_library, "--auth", str(users)) as server:
        for method, path in (("GET", "/documents"), ("POST", "/ask"), ("GET", "/config"), ("GET", "/api.json"), ("GET", "/youju/page.js"), ("POST", "/gradio_api/queue/join")):
            assert request(server, method, path, {}).status == 401
        basic = {name: {"Authorization": "Basic " + base64.b64encode(f"{name}:{name}-geheim".encode()).decode()} for name in ("alice", "bob")}
        assert api(server, "POST", "/ask", {"question": QUESTION}, basic["alice"])[0] == 200
        wrong = {"Authorization": "Basic " + base64.b64encode(b"alice:falsch").decode()}
        assert api(server, "POST", "/ask", {"question": QUESTION}, wrong)[0] == 401

        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(server.address)
        assert page.url.endswith("/login")
        page.locator("[name=name]").fill("alice")
        page.locator("[name=password]").fill("falsch--")
        page.locator("button").click()
        assert "不对" in page.locator("[role=alert]").inner_text()
        page.locator("[name=name]").fill("alice")
        page.locator("[name=password]").fill("alice-geheim")
        page.locator("button").click()
        page.wait_for_selector("#box textarea")
        ask(page, QUESTION)
        conversation = page.evaluate("sessionStorage.getItem('youju.conversation')")
        context.close()

        assert request(server, "GET", f"/conversations/{conversation}/export.md", basic["alice"]).status == 200
        assert request(server, "GET", f"/conversations/{conversation}/export.md", basic["bob"]).status == 404
        with browser.new_context(locale="zh-CN", http_credentials={"username": "bob", "password": "bob-geheim"}) as other:
            page = other.new_page()
            page.goto(server.address + "login")
            page.locator("[name=name]").fill("bob")
            page.locator("[name=password]").fill("bob-geheim")
            page.locator("button").click()
            page.evaluate(f"sessionStorage.setItem('youju.conversation', '{conversation}')")
            page.reload()
            page.wait_for_selector("#files .shelf li")
            page.wait_for_timeout(300)
            assert page.locator(".answer").count() == 0 and page.locator(".talks li").count() == 0


def test_a_wrong_password_has_to_wait_after_a_few(tmp_path):
    (tmp_path / "users").write_text(line("alice", "richtig-lang") + "\n")
    login = Login(tmp_path / "users")
    assert login.admits("alice", "richtig-lang") and not login.admits("nobody", "richtig-lang")
    for _ in range(5):
        assert not login.admits("alice", "falsch")
    assert not login.admits("alice", "richtig-lang")
    with pytest.raises(qa.BadRequest):
        line("a:b", "long enough")
    with pytest.raises(qa.BadRequest):
        Login(tmp_path / "nothing")
