"""What the template and the resolvers must know of the models, as CloudFormation mappings."""

from __future__ import annotations

from collections.abc import Iterable

from ops.schema.findings import Finding, Refused
from ops.schema.models import Model
from ops.schema.scalars import SCALARS

# The API's environment variables that hold keys, and what AppSync takes in one (512 characters),
# less the semicolon that the template puts before it.
# https://docs.aws.amazon.com/appsync/latest/devguide/environment-variables.html
VARIABLES = 4
MAX_CHARACTERS = 511

# Words that YAML 1.1 reads as something else, when they are not quoted.
YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def mappings(models: Iterable[Model]) -> str:
    """The template's section Mappings: each model's key and time to live, and the packed keys.

    Raises:
        Refused: the keys do not fit the API's environment.
    """
    models = tuple(models)
    packed = ", ".join(
        f"Keys{number}: {scalar(text)}" for number, text in enumerate(pack(models), start=1)
    )
    lines = [f"    {model.name}: {_facts(model)}" for model in models]
    environment = f"    Environment: {{{packed}}}"
    return "\n".join(["Mappings:", "  Models:", *lines, "  Api:", environment]) + "\n"


def pack(models: Iterable[Model]) -> tuple[str, ...]:
    """`Order=customer,orderNumber;Part=number`, for each variable; '' where one is not needed.

    A model whose key is `id` alone is left out: that is what resolvers assume.
    """
    texts = [""]
    for model in models:
        names = [field.name for field in model.key]
        if names == ["id"]:
            continue
        entry = f"{model.name}={','.join(names)}"
        together = f"{texts[-1]};{entry}".removeprefix(";")
        if len(together) <= MAX_CHARACTERS:
            texts[-1] = together
        else:
            texts.append(entry)
    _check_fits(texts)
    return (*texts, *[""] * (VARIABLES - len(texts)))


def scalar(text: str) -> str:
    """The text as YAML. Names are letters, digits and underscores; only packed keys are not."""
    plain = text.replace("_", "a").isalnum() and text.lower() not in YAML_WORDS
    return text if plain else f"'{text}'"


def _facts(model: Model) -> str:
    # CloudFormation evaluates both branches of an Fn::If: a sort key that is not there has a type.
    facts = {
        "PartitionKey": model.partition.name,
        "PartitionKeyType": SCALARS[model.partition.named].key_type or "",
        "SortKey": model.sort.name if model.sort else "",
        "SortKeyType": (SCALARS[model.sort.named].key_type or "") if model.sort else "S",
        "Ttl": model.ttl.name if model.ttl else "",
    }
    return f"{{{', '.join(f'{name}: {scalar(text)}' for name, text in facts.items())}}}"


def _check_fits(texts: list[str]) -> None:
    if len(texts) > VARIABLES or any(len(text) > MAX_CHARACTERS for text in texts):
        raise Refused(
            [
                Finding(
                    None,
                    f"the keys of the models take {sum(map(len, texts))} characters, and the API's "
                    f"environment has {VARIABLES} variables of {MAX_CHARACTERS}: shorten the names "
                    "of models and key fields, or let more models have the key id",
                )
            ]
        )
