"""What the template and the resolvers must know of the models, as CloudFormation mappings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.models import Model
from antipode_tools.schema.scalars import key_type

# The API's environment variables that hold keys, and as many that hold owners, and indexes; and
# what AppSync takes in one (512 characters), less the semicolon that the template puts before it.
# https://docs.aws.amazon.com/appsync/latest/devguide/environment-variables.html
VARIABLES = 4
# There are more of required fields, and as many more variables: an API takes fifty in all.
REQUIRED_VARIABLES = 12
# How many names of one model stand together.
NAMES = 8
MAX_CHARACTERS = 511

# Words that YAML 1.1 reads as something else, when they are not quoted.
YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def mappings(models: Iterable[Model]) -> str:
    """The template's section Mappings: each model's key and time to live, the packed keys, owners,
    indexes and required fields, and whose table is read to know a Region's health.

    Raises:
        Refused: some of them do not fit the API's environment.
    """
    models = tuple(models)
    packed = {
        f"{name}{number}": text
        for name, texts in (
            ("Keys", keys(models)),
            ("Owners", owners(models)),
            ("Indexes", indexes(models)),
            ("Required", required(models)),
        )
        for number, text in enumerate(texts, start=1)
    }
    lines = [f"    {model.name}: {_facts(model)}" for model in models]
    environment = [f"      {name}: {scalar(text)}" for name, text in packed.items()]
    # A Region's health is looked for in one table: what takes a Region down takes them all.
    health = f"    Table: {{Model: {scalar(models[0].name)}}}"
    api = ["  Api:", "    Environment:", *environment]
    return "\n".join(["Mappings:", "  Models:", *lines, *api, "  Health:", health]) + "\n"


def keys(models: Iterable[Model]) -> tuple[str, ...]:
    """`Order=customer,orderNumber;Part=number`, for each variable; '' where one is not needed.

    A model whose key is `id` alone is left out: that is what resolvers assume.
    """
    names = {model.name: [field.name for field in model.key] for model in models}
    entries = [f"{name}={','.join(key)}" for name, key in names.items() if key != ["id"]]
    return _pack(entries, "the keys of the models", "let more models have the key id")


def owners(models: Iterable[Model]) -> tuple[str, ...]:
    """`Order=owner;Note=author`, as the keys are, without the models that have no owner."""
    entries = [f"{model.name}={model.owner.name}" for model in models if model.owner]
    return _pack(entries, "the owners of the models", "deploy some models as a second stack")


def indexes(models: Iterable[Model]) -> tuple[str, ...]:
    """`OrderByStatus=byStatus,status,createdAt`: what follows `list` in the name of the query, the
    index, and its key."""
    entries = [
        f"{index.listed}={','.join([index.name, *(field.name for field in index.key)])}"
        for model in models
        for index in model.indexes
    ]
    return _pack(entries, "the indexes of the models", "deploy some models as a second stack")


def required(models: Iterable[Model]) -> tuple[str, ...]:
    """`Order=status,lines`: the fields that no update may remove, which its input cannot say: there
    a field that is left out stays as it is, so that every one is optional."""
    entries = [
        f"{model.name}={','.join(names)}" for model in models for names in _required_of(model)
    ]
    what = "the required fields of the models"
    return _pack(entries, what, "deploy some models as a second stack", REQUIRED_VARIABLES)


def _required_of(model: Model) -> Iterator[list[str]]:
    """The names, in lists that fit a variable each."""
    fields = (field for field in model.type.fields if field.is_required)
    names = [each.name for each in fields if not model.is_key(each) and each != model.owner]
    for start in range(0, len(names), NAMES):
        yield names[start : start + NAMES]


def _pack(
    entries: Iterable[str], what: str, otherwise: str, variables: int = VARIABLES
) -> tuple[str, ...]:
    texts = [""]
    for entry in entries:
        together = f"{texts[-1]};{entry}".removeprefix(";")
        if len(together) <= MAX_CHARACTERS:
            texts[-1] = together
        else:
            texts.append(entry)
    if len(texts) > variables or any(len(text) > MAX_CHARACTERS for text in texts):
        raise Refused([_too_long(texts, what, otherwise, variables)])
    return (*texts, *[""] * (variables - len(texts)))


def _too_long(texts: list[str], what: str, otherwise: str, variables: int) -> Diagnostic:
    return Diagnostic(
        None,
        f"{what} take {sum(map(len, texts))} characters, and the API's environment has {variables} "
        f"variables of {MAX_CHARACTERS}: shorten the names of models and of these fields, or "
        f"{otherwise}",
    )


def scalar(text: str) -> str:
    """The text as YAML. Names are letters, digits and underscores; only packed keys are not."""
    plain = text.replace("_", "a").isalnum() and text.lower() not in YAML_WORDS
    return text if plain else f"'{text}'"


def _facts(model: Model) -> str:
    # CloudFormation evaluates both branches of an Fn::If: a sort key that is not there has a type.
    facts = {
        "PartitionKey": model.partition.name,
        "PartitionKeyType": key_type(model.partition.named),
        "SortKey": model.sort.name if model.sort else "",
        "SortKeyType": key_type(model.sort.named) if model.sort else "S",
        "Ttl": model.ttl.name if model.ttl else "",
    }
    return _flow(facts)


def _flow(texts: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{name}: {scalar(text)}' for name, text in texts.items())}}}"
