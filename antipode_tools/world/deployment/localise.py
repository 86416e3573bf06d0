"""Turns the template that `sam build` made into one that the engine deploys as AWS would.

A pure function: the production template never bends to the emulator, so everything that the
emulator cannot do is done here. It unrolls the loops, works out the conditions, puts what would be
uploaded to S3 in its place, and hides from the engine what the local world does itself.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterable, Mapping

from antipode_tools.world.deployment.expansion import (
    Node,
    Place,
    Template,
    TemplateRefused,
    expand,
    text_of,
)
from antipode_tools.world.deployment.open_api import GATEWAY_TYPE, without_bodies
from antipode_tools.world.deployment.references import References
from localaws.route53.records import Routing, routing

# Types that the engine names after the stack alone, and the property that names them. In a second
# Region the same names would replace the first one's roles, which are global, and end its workers.
_NAMES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Serverless::Function": "FunctionName",
}
_MAPPING_TYPE = "AWS::Lambda::EventSourceMapping"
_API_TYPE = "AWS::AppSync::GraphQLApi"
_ALARM_TYPE = "AWS::CloudWatch::Alarm"
_ROLE_POLICY_TYPE = "AWS::IAM::RolePolicy"
_POLICY_TYPE = "AWS::IAM::Policy"
SAM_TRANSFORM = "AWS::Serverless-2016-10-31"

# The engine refuses a whole template for one resource of a type that it does not know.
_UNKNOWN_TYPES = frozenset(
    {
        "AWS::ApiGatewayV2::ApiMapping",
        "AWS::ApiGatewayV2::DomainName",
        "AWS::AppSync::DomainName",
        "AWS::AppSync::DomainNameApiAssociation",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::Route53::HealthCheck",
        "AWS::Route53::RecordSetGroup",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACLAssociation",
    }
)

# Layers of compiled modules, which load on Lambda's processor alone. Functions run in the engine's
# own environment here, and it has what these hold.
_COMPILED = frozenset({"AsymmetricLayer"})

# What the engine ignores without a word, and what it takes instead. Of code it gets a name alone:
# models share it, and a template has at most 1 MB. The local AppSync finds it in the metadata.
_SCHEMA, _CODE = "DefinitionS3Location", "CodeS3Location"

# Conditions are worked out here, since the engine takes one on AWS::Region for false.
_WORKED_OUT = frozenset({"Conditions", "Mappings"})


def localise(
    template: Template,
    *,
    place: Place,
    parameters: Mapping[str, str],
    read: Callable[[str], str],
) -> Template:
    """The template as the engine gets it.

    Args:
        template: `sam build`'s, with parameters, loops and conditions in it.
        parameters: exactly those that `sam deploy` will get, since their values are folded in.
        read: the text of a file, from its path as the template writes it.

    Raises:
        TemplateRefused
    """
    expanded, conditions = expand(template, place, parameters)
    resources = without_bodies(_present(expanded["Resources"], conditions))
    outputs = _present(expanded.get("Outputs", {}), conditions)
    outputs = {
        name: each for name, each in outputs.items() if not _dropped(each, expanded, resources)
    }
    references = References(frozenset(resources), _addresses(resources, place))
    kept = {name: part for name, part in expanded.items() if name not in _WORKED_OUT}
    adapted = {
        name: _adapted(name, references.mended(resource), resources, place)
        for name, resource in resources.items()
    }
    texts = _code(adapted.values(), read)
    names = {path: _name(path, text) for path, text in texts.items()}
    code = {names[path]: text for path, text in texts.items()}
    return kept | {
        "Transform": SAM_TRANSFORM,
        "Parameters": _declared(expanded.get("Parameters", {}), parameters),
        "Metadata": {**expanded.get("Metadata", {}), "Code": code},
        "Resources": {name: _inlined(resource, read, names) for name, resource in adapted.items()},
        "Outputs": references.mended(outputs),
    }


def shared_name(
    template: Template, *, place: Place, parameters: Mapping[str, str]
) -> Routing | None:
    """What the Region adds to the shared name, none of which the engine gets.

    Args:
        template: as for `localise`, and the parameters as well.

    Raises:
        TemplateRefused
    """
    expanded, conditions = expand(template, place, parameters)
    there = {
        name: resource
        for name, resource in expanded["Resources"].items()
        if conditions.get(resource.get("Condition"), True)
    }
    return routing(there, place.region)


def _declared(declared: Mapping[str, Node], given: Mapping[str, str]) -> dict[str, Node]:
    """The parameters, those that are lists without their AllowedValues: CloudFormation holds each
    member to them, and the engine the whole text.

    Raises:
        TemplateRefused: a member is not allowed.
    """
    found = dict(declared)
    for name, each in declared.items():
        if each["Type"] == "CommaDelimitedList" and "AllowedValues" in each:
            members = given.get(name, each.get("Default", "")).split(",")
            for member in members:
                if member not in each["AllowedValues"]:
                    raise TemplateRefused(
                        f"the parameter {name} has {member!r}, which is not one of "
                        f"{', '.join(map(repr, each['AllowedValues']))}"
                    )
            found[name] = {key: value for key, value in each.items() if key != "AllowedValues"}
    return found


def _present(members: Template, conditions: Mapping[str, bool]) -> Template:
    """The resources or outputs whose condition holds, without the word Condition."""
    return {
        name: {key: value for key, value in member.items() if key != "Condition"}
        for name, member in members.items()
        if conditions.get(member.get("Condition"), True)
        and member.get("Type") not in _UNKNOWN_TYPES
        and name not in _COMPILED
    }


def _dropped(output: Template, expanded: Template, resources: Template) -> bool:
    """Whether an output tells of a resource that the engine does not get."""
    told = output["Value"]
    name = told.get("Ref") if isinstance(told, dict) else None
    return name in expanded["Resources"] and name not in resources


def _addresses(resources: Template, place: Place) -> dict[str, Mapping[str, str]]:
    """The attributes that differ here, by the resources that have them."""
    here = {_API_TYPE: place.api, GATEWAY_TYPE: place.gateway}
    return {name: here[r["Type"]] for name, r in resources.items() if r["Type"] in here}


def _adapted(name: str, resource: Template, resources: Template, place: Place) -> Template:
    adapted = copy.deepcopy(resource)
    if "DependsOn" in resource:
        wanted = resource["DependsOn"]
        names = [wanted] if isinstance(wanted, str) else wanted
        adapted["DependsOn"] = [other for other in names if other in resources]
    if resource["Type"] == _ROLE_POLICY_TYPE:
        # The engine knows only the older type, which names several roles.
        adapted["Type"] = _POLICY_TYPE
        adapted["Properties"]["Roles"] = [adapted["Properties"].pop("RoleName")]
    if resource["Type"] in _NAMES:
        adapted["Properties"][_NAMES[resource["Type"]]] = f"{place.stack}-{name}-{place.region}"
    if "Layers" in resource.get("Properties", {}):
        layers = adapted["Properties"]["Layers"]
        adapted["Properties"]["Layers"] = [
            layer for layer in layers if layer.get("Ref") not in _COMPILED
        ]
    if resource["Type"] == _MAPPING_TYPE:
        # The engine's poller loses what a function reported as failed. Ours takes its place: to
        # the engine every mapping is switched off, and ours reads the metadata.
        enabled = text_of(resource["Properties"].get("Enabled", True)) == "true"
        adapted["Metadata"] = {"Enabled": enabled}
        adapted["Properties"]["Enabled"] = False
    if resource["Type"] == _ALARM_TYPE and "Metrics" in resource["Properties"]:
        # The engine knows no metric math: the alarm watches the first metric that the math uses.
        adapted["Properties"] |= _first_metric(adapted["Properties"].pop("Metrics"))
    if "TimeToLiveSpecification" in resource.get("Properties", {}):
        # The engine would remove items without a record in any stream. `expiry` takes its place.
        specification = adapted["Properties"].pop("TimeToLiveSpecification")
        if text_of(specification["Enabled"]) == "true":
            adapted["Metadata"] = {"TimeToLive": specification["AttributeName"]}
    return adapted


def _first_metric(metrics: list[Node]) -> Node:
    """The properties of an alarm on one metric, of those of metric math."""
    stat = next(each["MetricStat"] for each in metrics if "MetricStat" in each)
    statistic = "ExtendedStatistic" if stat["Stat"].startswith("p") else "Statistic"
    return {**stat["Metric"], statistic: stat["Stat"], "Period": stat["Period"]}


def _code(resources: Iterable[Template], read: Callable[[str], str]) -> dict[str, str]:
    """The text of each file of code, by its path."""
    properties = (resource.get("Properties", {}) for resource in resources)
    paths = sorted({str(each[_CODE]) for each in properties if _CODE in each})
    return {path: read(path) for path in paths}


def _name(path: str, text: str) -> str:
    """Another for another text, so that the engine sees the resolvers change with it."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{path} {digest[:12]}"


def _inlined(resource: Template, read: Callable[[str], str], names: Mapping[str, str]) -> Template:
    """What would be uploaded to S3 and named by its place there, in the template itself."""
    properties = dict(resource.get("Properties", {}))
    if _SCHEMA in properties:
        properties["Definition"] = read(properties.pop(_SCHEMA))
    if _CODE in properties:
        properties["Code"] = names[properties.pop(_CODE)]
    return resource | {"Properties": properties}
