"""The schema in the tools of front-end developers: graphql-codegen (by graphql-js), TypeScript."""

from __future__ import annotations

from pathlib import Path

from tests.clients.tools import Node

USED = """
import type { CreateItemMutationVariables, GetItemQuery, OnCreateItemSubscription } from "./api";

export const variables: CreateItemMutationVariables = { input: { item: "hello" } };

export function updated(answer: GetItemQuery): string | null | undefined {
  return answer.getItemsModel?.updatedAt;
}

export function kind(heard: OnCreateItemSubscription) {
  return heard.onCreateItemsModel?._change?.kind;
}
"""
MISUSED = USED.replace('"hello"', "1")


def test_codegen_makes_types_that_typescript_accepts_and_checks_by(
    node: Node, tmp_path: Path
) -> None:
    codegen = ("graphql-codegen", "--config", "tests/clients/codegen.mjs", "--silent")
    assert node.run(*codegen, env={"GENERATED": str(tmp_path)}) == ""
    tsc = ("tsc", "--strict", "--noEmit", "--skipLibCheck", "--pretty", "false")

    used, misused = tmp_path / "used.ts", tmp_path / "misused.ts"
    used.write_text(USED)
    misused.write_text(MISUSED)
    [error] = node.run(*tsc, str(used), str(misused)).splitlines()
    assert "/misused.ts(" in error
    assert "Type 'number' is not assignable to type" in error
