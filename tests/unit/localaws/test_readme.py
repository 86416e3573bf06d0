"""The examples of localaws' README, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto import mock_aws

README = Path("localaws/README.md")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "serve"}
    exec(compile(code, str(README), "exec"), names)
    return names


def test_the_mapping_in_memory_prints_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    _, mapping = blocks("python")
    run(mapping)
    assert [capsys.readouterr().out] == blocks("text")


async def test_the_api_writes_and_reads_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        boto3.client("dynamodb", region_name="eu-west-1").create_table(
            TableName="messages",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        plane = run(blocks("python")[0])["plane"]()
        transport = httpx.ASGITransport(plane)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:

            async def ask(query: str, **variables: str) -> Any:
                body = {"query": query, "variables": variables}
                answer = await http.post("/graphql", json=body, headers={"x-api-key": "da2-local"})
                return answer.json()

            said = await ask('mutation { say(text: "hi") { id text } }')
            message = said["data"]["say"]
            assert message["text"] == "hi"
            read = "query ($id: ID!) { message(id: $id) { id text } }"
            assert await ask(read, id=message["id"]) == {"data": {"message": message}}
        await plane.close()
