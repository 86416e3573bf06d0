"""What a case's callers try, held against what the rules say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from localaws.appsync.ports import SubscriptionRefused
from tests.property.auth.any_cases import Case, Step
from tests.property.auth.deployed import Deployed
from tests.property.auth.expected import BOARD, NOTE, Expected
from tests.property.auth.rules import Wanted, without_nulls
from tests.property.auth.told import UNAUTHORIZED, Told, read

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Json = Any

_STAMPS = ("createdAt", "updatedAt", "version", "updatedIn")
_PAGE = f"{{ items {{ {NOTE} }} }}"


class Trial:
    """A case's API, and what the rules say of it."""

    def __init__(self, case: Case, api: Deployed) -> None:
        self._case, self._api, self._expected = case, api, Expected(case)
        for note in case.notes:
            api.put("Note", note)
        for board in case.boards:
            api.put("Board", board)

    async def go(self, step: Step) -> None:
        """Raises AssertionError where the API does otherwise than the rules."""
        expected, key, wanted = self._expected, self._key(step), step.wanted
        match step.do:
            case "create" | "update" | "delete":
                await self._write(step)
            case "get":
                await self._query(step, "getNote", key, f"{{ {NOTE} }}", expected.get(step, key))
            case "board":
                told = expected.get_with_board(step, key)
                await self._query(step, "getNote", key, f"{{ id board {{ {BOARD} }} }}", told)
            case "notes":
                told = expected.get_board_with_notes(step)
                selection = f"{{ id notes(filter: {_literal(wanted.filter)}) {_PAGE} }}"
                await self._query(step, "getBoard", {"id": step.id}, selection, told)
            case "list":
                told = expected.list(step, {}, wanted)
                await self._query(step, "listNotes", {"filter": wanted.filter}, _PAGE, told)
            case "notesByOwner" | "notesByTeam" | "notesByText":
                name = step.do.removeprefix("notesBy").lower()
                there = expected.notes.get(expected.key(key), step.was)
                partition = {name: there.get(name) or "ada"}
                # Where the owner is in the key, the list goes by it.
                keyed = self._case.keyed and name == "owner"
                field = "listNotes" if keyed else step.do
                told = expected.list(step, partition)
                await self._query(step, field, partition, _PAGE, told)
            case _:
                await self._hear(step)

    def held(self) -> str:
        """What the tables hold, in words."""
        notes, boards = self._expected.notes.values(), self._expected.boards.values()
        return f"notes: {[*notes]}\nboards: {[*boards]}"

    def _key(self, step: Step) -> Json:
        return (
            {"owner": step.owner or "ada", "id": step.id} if self._case.keyed else {"id": step.id}
        )

    async def _query(
        self, step: Step, field: str, arguments: Json, selection: str, expected: Told
    ) -> None:
        declared = {"id": "ID!", "filter": "ModelNoteFilterInput"}
        types = [f"${name}: {declared.get(name, 'String!')}" for name in arguments]
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        document = f"query ({', '.join(types)}) {{ {step.alias}: {field}({passed}) {selection} }}"
        await self._ask(step, document, arguments, expected)

    async def _write(self, step: Step) -> None:
        kind, key = step.do.capitalize(), self._key(step)
        given = {**step.given, **key}
        if step.do == "create" and step.owner is None and self._expected.owns(step):
            # Whose key a note has that the creator does not say is the creator's.
            given["owner"] = None
        document = f"""
          mutation ($input: {kind}NoteInput!, $condition: ModelNoteConditionInput) {{
            {step.alias}: {step.do}Note(input: $input, condition: $condition) {{ {NOTE} }}
          }}
        """
        given = key if step.do == "delete" else given
        told = self._expected.write(step, given)
        await self._ask(step, document, {"input": given, "condition": step.wanted.filter}, told)
        held = {
            self._expected.key(item): {
                name: value for name, value in item.items() if name not in _STAMPS
            }
            for item in self._api.items("Note")
        }
        assert held == self._expected.notes

    async def _ask(self, step: Step, document: str, variables: Json, expected: Told) -> None:
        body = await self._api.ask(step.caller, document, variables)
        assert read(body) == expected.under(step.alias), body
        for error in body.get("errors") or ():
            if error["errorType"] == UNAUTHORIZED:
                assert error["message"].startswith("Not Authorized to access "), error

    async def _hear(self, step: Step) -> None:
        kind = step.do.removeprefix("on").removesuffix("Note")
        # Nobody chooses by groups, nor by owners but one: the server does.
        chosen = {name: of for name, of in step.wanted.values.items() if name == "text"}
        owner = step.owner if self._case.asks_by_owner else None
        wanted, owned = Wanted(chosen), Wanted({"owner": owner} if owner else {})
        entry = self._case.note.entry(step.caller, "listen").by(owned.values)
        declared, passed = ("", "") if owner is None else (", $owner: String", ", owner: $owner")
        document = f"""
          subscription ($filter: ModelSubscriptionNoteFilterInput{declared}) {{
            {step.alias}: {step.do}(filter: $filter{passed}) {{ {NOTE} _was {{ text }} }}
          }}
        """
        asked = {"filter": wanted.filter, "owner": owner}
        try:
            there = await self._api.listen(step.caller, document, asked)
        except SubscriptionRefused as refused:
            [error] = refused.errors
            assert error.error_type == UNAUTHORIZED, error
            assert not entry.possible
            return
        assert entry.possible
        key = self._key(step)
        item, was = {**without_nulls(step.given), **key}, {**step.was, **key}
        announced = await self._api.announced(
            "Note", kind.upper(), item, was if kind == "Update" else None
        )
        heard, now = there.matches(announced), wanted.fits(item) and owned.fits(item)
        # By what a note was, an update is heard as far as AppSync's filters reach: that it leaves
        # nobody out is shown in tests/property/test_leaving.py.
        before = wanted.fits(was) and (owned.fits(was) or owned.fits(item))
        maybe = kind == "Update" and before and entry.opens(item)
        assert heard if now and entry.opens(item) else not heard or maybe
        if heard:
            told = there.payload(announced)["data"][step.alias]
            earlier = told.pop("_was")
            assert told in self._expected.announced(step.caller, item)
            assert earlier is None or (kind == "Update" and entry.opens(was))


def _literal(value: Json) -> str:
    """As GraphQL writes it in a document."""
    match value:
        case dict():
            return f"{{{', '.join(f'{name}: {_literal(each)}' for name, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case _:
            return json.dumps(value)


async def tried(client: DynamoDBClient, case: Case) -> None:
    """Raises AssertionError, with all that is needed to see why, where the API does otherwise than
    the rules of a case."""
    api = Deployed(client, case.source, case.note.api)
    try:
        trial = Trial(case, api)
        for step in case.steps:
            before = trial.held()
            try:
                await trial.go(step)
            except AssertionError as error:
                modes = ", ".join(case.note.api)
                raise AssertionError(
                    f"{case.source}\n{modes}\n{before}\n{step}\n{error}"
                ) from error
    finally:
        api.drop()
