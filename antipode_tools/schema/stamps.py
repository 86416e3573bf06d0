"""The fields that every model has without saying so."""

from __future__ import annotations

from antipode_tools.schema.definitions import Definitions, EnumType, Field, ObjectType

# The timestamps, which @model can name otherwise.
TIMESTAMPS = ("createdAt", "updatedAt")
# What is counted up. A type that declares it has its own, which is nobody's but its clients'.
VERSION = "version"
# What the resolvers stamp on every item.
STAMPS = (
    Field(TIMESTAMPS[0], "AWSDateTime", 0, ("When the item was created.",)),
    Field(TIMESTAMPS[1], "AWSDateTime", 0, ("When it was last written.",)),
    Field(
        VERSION,
        "Int",
        0,
        (
            "One up at each write, in the Region that takes it. It does not order writes across "
            "Regions.",
        ),
    ),
    Field("updatedIn", "String", 0, ("The Region that took the last write.",)),
)
CHANGE_FIELD = Field("_change", "Change", 0)
CHANGE_FIELDS = (
    Field("id", "ID", 0),
    Field("kind", "ChangeKind", 0),
    Field("sequence", "String", 0),
    Field("region", "String", 0),
    Field("recordedAt", "AWSDateTime", 0),
)
CHANGE_KINDS = EnumType("ChangeKind", 0, (), (), ("CREATE", "UPDATE", "DELETE"))
# What every API has beside the types of its file.
CHANGE_TYPES = Definitions(
    (ObjectType(CHANGE_FIELD.named, 0, (), (), CHANGE_FIELDS, ()), CHANGE_KINDS)
)
# An update has it of a model whose items can leave what was asked for.
WAS = "_was"
