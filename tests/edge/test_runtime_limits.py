"""The edge's functions, within what their runtimes allow."""

from __future__ import annotations

import hashlib

from localaws.appsync.javascript.source import Source, text_of, walk
from tests.edge.stack import DOMAINS, edge, function_code
from tests.template.reading import Node

# Of what later JavaScript has, the runtime has only what its page names:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
ABSENT = {
    "array_pattern",
    "class",
    "class_declaration",
    "field_definition",
    "generator_function",
    "generator_function_declaration",
    "method_definition",
    "object_pattern",
    "optional_chain",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
    "spread_element",
    "yield_expression",
}
OPERATORS = {"??", "??=", "||=", "&&="}


def unsupported(code: str) -> list[str]:
    """What the CloudFront runtime does not know, or does not take as it is meant."""
    found = []
    for node in walk(Source(code).root):
        asynchronous = node.type in {"arrow_function", "function_expression"} and any(
            child.type == "async" for child in node.children
        )
        of_loop = node.type == "for_in_statement" and any(c.type == "of" for c in node.children)
        if node.type in ABSENT | OPERATORS | {"ERROR"} or asynchronous or of_loop:
            found.append(text_of(node))
    return found


def test_the_check_finds_what_the_runtime_lacks() -> None:
    code = "for (const a of b) {} const {c} = d; f(...g); const h = {i}; j ?? k; l?.m; class N {}"
    assert len(unsupported(code)) >= 7
    assert unsupported("const f = async () => 1;") == ["async () => 1"]


def test_the_function_keeps_to_what_the_runtime_has(template: Node) -> None:
    assert unsupported(function_code(edge(template))) == []


def test_the_function_imports_the_one_module_in_its_first_line(template: Node) -> None:
    code = function_code(edge(template))
    assert code.startswith("import cf from 'cloudfront';\n")
    assert code.count("import ") == 1


def test_the_function_is_within_10_kb_with_the_longest_names(template: Node) -> None:
    longest = f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 61}"
    stack = edge(template, EdgeDomainName=longest, Regions=f"ap-southeast-2={longest}")
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    assert len(function_code(stack).encode()) <= 10 * 1024


def test_lambda_at_edge_has_nothing_that_it_may_not_have(template: Node) -> None:
    function = edge(template, Routing="LAMBDA").resources["OriginRequestFunction"]["Properties"]
    assert set(function) == {
        "Description",
        "Runtime",
        "Architectures",
        "Handler",
        "MemorySize",
        "Timeout",
        "Role",
        "Code",
    }
    assert function["Architectures"] == ["x86_64"]
    # CloudFormation's limit for code in a template, CloudFront's for an origin request.
    assert len(function["Code"]["ZipFile"]) <= 4096
    assert function["Timeout"] <= 30


def test_a_changed_function_is_a_new_version(template: Node) -> None:
    resources = edge(template, Routing="LAMBDA").resources
    code = resources["OriginRequestFunction"]["Properties"]["Code"]["ZipFile"]
    digest = hashlib.sha256(code.encode()).hexdigest()[:16]
    description = resources["OriginRequestVersion"]["Properties"]["Description"]
    assert description == f"Code {digest}", f"write: Description: Code {digest}"


def test_what_lambda_at_edge_is_told_fits_into_headers(template: Node) -> None:
    stack = edge(template, regions=len(DOMAINS), Routing="LAMBDA")
    config = stack.resources["Distribution"]["Properties"]["DistributionConfig"]
    headers = config["Origins"][0]["OriginCustomHeaders"]
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    assert all(len(header["HeaderValue"]) <= 1783 for header in headers)
