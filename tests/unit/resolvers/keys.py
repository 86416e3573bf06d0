"""What the template tells the resolvers of some models: of ItemsModel it has nothing to tell."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "KEYS_1": ";Order=customer,number;Visit=id,at",
    "KEYS_2": ";Part=code;Stay=id,at",
    "KEYS_3": ";",
    "KEYS_4": ";",
}
OWNERS: Mapping[str, str] = {
    "OWNERS_1": ";Note=writer",
    "OWNERS_2": ";Stay=owner;Todo=owner",
    "OWNERS_3": ";",
    "OWNERS_4": ";",
}
REQUIRED: Mapping[str, str] = {
    "REQUIRED_1": ";Order=state",
    "REQUIRED_2": ";Order=lines;Note=text",
    **{f"REQUIRED_{number}": ";" for number in range(3, 13)},
}
INDEXES: Mapping[str, str] = {
    "INDEXES_1": ";OrderByState=byState,state,createdAt;OrderByNote=byNote,note",
    "INDEXES_2": ";NoteByWriter=byWriter,writer,createdAt;NoteByText=byText,text",
    "INDEXES_3": ";",
    "INDEXES_4": ";",
}
