"""`youju mcp` in a process of its own, asked by a real MCP client over stdio."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conftest import CHECKOUT, QUESTION, SENTENCE
from mcp import Client, StdioServerParameters

DOCS = (CHECKOUT / "docs" / "assistant.md").read_text("utf-8")


def talk(library: Path, conversation):
    """What `conversation(client)` gives, with a server over this library; in a thread, since playwright keeps a loop in this one."""

    async def session():
        started = StdioServerParameters(command=sys.executable, args=["-m", "qa.cli", "mcp", "--library", str(library)], env=dict(os.environ), cwd=CHECKOUT)
        async with Client(started, read_timeout_seconds=60) as client:
            return await conversation(client)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, session()).result(timeout=120)


def test_an_assistant_asks_searches_lists_and_reads(seeds_library):
    async def conversation(client):
        tools = (await client.list_tools()).tools
        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        id = answer["citations"][0]["document"]["id"]
        return (
            tools, answer, (await client.call_tool("ask", {"question": "今天股市怎么样"})).structured_content,
            (await client.call_tool("search", {"question": "安全生产", "limit": 3, "documents": [id]})).structured_content["result"],
            (await client.call_tool("documents", {"query": "江蘇"})).structured_content,
            (await client.call_tool("read", {"document": id, "start": 10, "length": 50})).structured_content,
            (await client.call_tool("read", {"document": id, "start": 10**9})).structured_content,
        )  # fmt: skip

    tools, answer, refused, found, listed, read, beyond = talk(seeds_library, conversation)
    assert {tool.name for tool in tools} == {"ask", "search", "documents", "read"} and all(tool.annotations.read_only_hint for tool in tools)
    assert answer["answered"] and SENTENCE in answer["citations"][0]["quote"]
    assert answer["citations"][0]["location"] == "第53行" and answer["citations"][0]["verified"] == "ok"
    assert not refused["answered"] and refused["citations"] == [] and refused["nearest"]
    assert len(found) == 3 and {hit["document"]["id"] for hit in found} == {answer["citations"][0]["document"]["id"]}
    assert listed["total"] >= 1
    assert (len(read["text"]), read["start"], read["end"]) == (50, 10, 60) and read["total"] > 1000
    assert beyond["text"] == "" and beyond["start"] == beyond["total"]


WRONG = [
    ("ask", {"question": ""}), ("ask", {"question": "问" * 3000}), ("ask", {"question": "题", "documents": ["0" * 32]}), ("search", {"question": "题", "limit": 0}),
    ("read", {"document": "0" * 32}), ("read", {"document": "../../etc/passwd"}), ("add", {"paths": ["/etc"]}),
]  # fmt: skip


def test_what_cannot_be_done_is_said_and_the_next_question_is_answered(seeds_library):
    async def conversation(client):
        results = [await client.call_tool(tool, arguments) for tool, arguments in WRONG]
        return results, (await client.call_tool("ask", {"question": QUESTION})).structured_content["answered"]

    results, answered = talk(seeds_library, conversation)
    assert answered and all(result.is_error for result in results)
    told = "".join(content.text for result in results for content in result.content)
    assert "资料库里没有这份文件" in told
    assert "Traceback" not in told and "root:" not in told and str(seeds_library) not in told


def test_nothing_but_the_protocol_is_written_to_standard_output(seeds_library):
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", "mcp", "--library", str(seeds_library)], input=json.dumps(hello) + "\n", capture_output=True, text=True, cwd=CHECKOUT, timeout=60
    )
    [reply] = done.stdout.splitlines()
    assert done.returncode == 0 and "有据" in json.loads(reply)["result"]["instructions"]


def test_the_configuration_in_the_docs_is_one(seeds_library):
    [entry] = json.loads(re.search(r"```json\n(.*?)```", DOCS, re.DOTALL)[1])["mcpServers"].values()
    from qa.cli import commands

    assert entry["command"] == "youju"
    options = commands()[""].parse_args(entry["args"])
    assert options.run.__name__ == "mcp" and options.library


def test_without_the_extra_it_says_how_to_get_it(seeds_library):
    program = "import sys; sys.modules['mcp'] = None; from qa.cli import main; sys.exit(main(['mcp', '--library', sys.argv[1]]))"
    done = subprocess.run([sys.executable, "-c", program, str(seeds_library)], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 3 and "youju[mcp]" in done.stderr
