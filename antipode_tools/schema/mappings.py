"""What the template must know of the models, as CloudFormation mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.environment import variables
from antipode_tools.schema.model import Keyed, Model
from antipode_tools.schema.resolved import Resolved
from antipode_tools.schema.scalars import key_type

# Words that YAML 1.1 reads as something else, when they are not quoted.
YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def mappings(
    models: Iterable[Model],
    resolved: Iterable[Resolved] = (),
    modes: Sequence[AuthMode] = (AuthMode.API_KEY,),
) -> str:
    """The template's section Mappings: each model's operations, key and time to live, what the
    resolvers know of the models, and whose table is read to know a Region's health.

    Raises:
        Refused: what the resolvers know does not fit the API's environment.
    """
    models = tuple(models)
    lines = [f"    {model.id}: {_facts(model)}" for model in models]
    packed = enumerate(variables(models, resolved, modes), start=1)
    environment = [f"      Models{number}: {scalar(text)}" for number, text in packed]
    # A Region's health is looked for in one table: what takes a Region down takes them all.
    health = f"    Table: {{Model: {scalar(models[0].id)}}}"
    api = ["  Api:", "    Environment:", *environment]
    return "\n".join(["Mappings:", "  Models:", *lines, *api, "  Health:", health]) + "\n"


def scalar(text: str) -> str:
    """The text as YAML. Names are letters, digits and underscores; only what is packed is not."""
    plain = text.replace("_", "a").isalnum() and text.lower() not in YAML_WORDS
    return text if plain else "'{}'".format(text.replace("'", "''"))


def sort_type(keyed: Keyed) -> str:
    """DynamoDB's type of what a key sorts by: several fields are one text."""
    return key_type(keyed.sorts[0].named) if len(keyed.sorts) == 1 else "S"


def _facts(model: Model) -> str:
    names = model.names
    # CloudFormation evaluates both branches of an Fn::If: a sort key that is not there has a type.
    facts = {
        "Get": names.get,
        "List": names.list,
        "Sync": names.sync,
        "Create": names.create,
        "Update": names.update,
        "Delete": names.delete,
        "PartitionKey": model.partition.name,
        "PartitionKeyType": key_type(model.partition.named),
        "SortKey": model.sort_attribute or "",
        "SortKeyType": sort_type(model),
        "Ttl": model.ttl.name if model.ttl else "",
    }
    return _flow({name: text for name, text in facts.items() if text is not None})


def _flow(texts: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{name}: {scalar(text)}' for name, text in texts.items())}}}"
