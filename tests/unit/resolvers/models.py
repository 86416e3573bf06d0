"""What the template tells the resolvers of some models, as the API's environment has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from localaws.appsync.ports import Json

VARIABLES = 40
MAX_CHARACTERS = 512

MODELS: Mapping[str, Json] = {
    "ItemsModel": {"key": ["id"], "makesId": True},
    "Order": {
        "key": ["customer", "number"],
        "required": ["state", "lines"],
        "indexes": {
            "ordersByState": ["byState", "state", "createdAt"],
            "ordersByNote": ["byNote", "note"],
        },
    },
    "Visit": {"key": ["id", "at"], "makesId": True},
    "Part": {"key": ["code"]},
    "Release": {"key": ["id"], "makesId": True, "ownVersion": True},
    "Post": {"key": ["id"], "makesId": True, "sets": {"tags": "S", "days": "N"}, "ints": ["likes"]},
    "Note": {
        "key": ["id"],
        "makesId": True,
        "rules": [{"by": "LUOI", "owner": "writer"}],
        "required": ["text"],
        "indexes": {
            "notesByWriter": ["byWriter", "writer", "createdAt"],
            "notesByText": ["byText", "text"],
        },
    },
    "Stay": {"key": ["id", "at"], "rules": [{"by": "LUOI", "owner": "owner"}]},
    "Message": {
        "key": ["room", "sentAt", "sender"],
        "indexes": {
            "messagesByCountry": ["byCountry", "country", "topic", "price"],
            "messagesBySender": ["bySender", "topic", "sender", "price"],
            "messagesAgain": ["again", "country", "sentAt", "sender"],
        },
    },
    "Product": {
        "key": ["sku"],
        "defaults": {"stock": 0, "open": True, "name": "nameless; = none"},
        "checks": {
            "name": [["minLength", "3", None], ["matches", "^[a-z ;=]+$", "letters, please"]],
            "stock": [["gte", "0", None], ["lt", "10", None]],
        },
        "times": ["made", None],
    },
    "Board": {
        "key": ["id"],
        "relations": {
            "cards": {
                "model": "Card",
                "many": True,
                "index": ["byBoard", "boardId", "position"],
                "by": ["id"],
                "limit": 20,
            },
            "messages": {"model": "Message", "many": True, "by": ["room", "day"]},
            "all": {"model": "Message", "many": True, "by": ["room"], "limit": 5000},
            "notes": {
                "model": "Note",
                "many": True,
                "index": ["byWriter", "writer"],
                "by": ["who"],
            },
        },
    },
    "Card": {
        "key": ["id"],
        "relations": {
            "board": {"model": "Board", "by": ["boardId"]},
            "message": {"model": "Message", "by": ["room", "sentAt", "sender"]},
            "latest": {"model": "Message", "by": ["room", "sentAt"]},
            "sheet": {"model": "Sheet", "index": ["gsi-Card.sheet", "cardId"], "by": ["id"]},
            "note": {"model": "Note", "by": ["noteId"]},
        },
    },
    "Sheet": {
        "key": ["id"],
        "indexes": {"sheetsByMood": ["byMood", "mood", "price", "updatedAt"]},
    },
}


def heads(model: str, its: Json) -> str:
    """The names of a model's fields; of an index query those that are in the entry."""
    heard = ["onCreate", "onUpdate", "onDelete", "onChange"]
    operations = ["get", "list", "create", "update", "delete", *heard]
    indexes = [name for name in its.get("indexes", {}) if not name.startswith("-")]
    return ",".join([model, *(f"{name}{model}" for name in operations), *indexes])


def environment(models: Mapping[str, Json] = MODELS, piece: int = 511) -> dict[str, Any]:
    """`MODELS_1` and the others, each with a piece of so many characters of the whole text."""
    entries = [
        f"{heads(name, its)}={json.dumps(its, separators=(',', ':'))}".replace(";", "\\u003b")
        for name, its in models.items()
    ]
    text = ";".join(entries)
    pieces = [text[start : start + piece] for start in range(0, len(text), piece)]
    assert len(pieces) <= VARIABLES
    assert piece < MAX_CHARACTERS
    filled = [*pieces, *[""] * (VARIABLES - len(pieces))]
    return {f"MODELS_{number}": f";{each}" for number, each in enumerate(filled, start=1)}


ENVIRONMENT: Mapping[str, Any] = {"REGION": "eu-west-1", **environment()}
