"""The example of localaws' README, run as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto import mock_aws

README = Path("localaws/README.md")


def example() -> dict[str, Any]:
    [code] = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, Any] = {"__name__": "serve"}
    exec(compile(code, str(README), "exec"), names)
    return names


async def test_the_example_writes_and_reads_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        boto3.client("dynamodb", region_name="eu-west-1").create_table(
            TableName="messages",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        plane = example()["plane"]()
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
