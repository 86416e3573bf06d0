"""Directives of Amplify's that an API in several Regions cannot keep, with the reason."""

from __future__ import annotations

_BY_FUNCTION = "call it from a function of your own, with @function"

# Each goes on a sentence that names the directive, and says what to do instead.
REFUSED = {
    "searchable": "which needs a search cluster beside the tables, and there is none in each "
    "Region: give the model an @index, or filter a list",
    "predictions": f"which uses services that are not in every Region: {_BY_FUNCTION}",
    "http": f"which calls a server from the API: {_BY_FUNCTION}",
    "sql": f"which reads a database that is in one Region: {_BY_FUNCTION}",
    "mapsTo": "which keeps the table of a model's earlier name: a table is found by the model's "
    "name, so keep that, and rename the operations by @model(queries: ...)",
    "refersTo": "which is for tables of SQL: there are none here",
    "conversation": f"which keeps a conversation in one Region: {_BY_FUNCTION}",
    "generation": f"which calls a language model in one Region: {_BY_FUNCTION}",
    # The first transformer's, where they are not as it took them: others are read as today's.
    "key": "which is for a model and names fields of it: write @primaryKey on its field, or @index",
    "connection": "which is for a field of a model: write @hasMany, @hasOne or @belongsTo",
    "versioned": "which is for a model, and changes nothing: every item has a version. Take it out",
}
