"""Who may call the API: each mode with what it needs, in the home Region and in another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.template import with_modes

from .evaluate import Stack, TemplateError, evaluate, needs
from .reading import Node, load
from .test_tables import FIVE

HOME, AWAY = "eu-west-1", "ap-southeast-2"
POOL, ISSUER = "eu-west-1_AbCdEf123", "https://issuer.example"
KEYS = f"{ISSUER}/.well-known/jwks.json"
SECRET_ARN = "arn:aws:secretsmanager:{}:111122223333:secret:antipode-token-??????"
KEY_SET = {"TokenJwksUrl": KEYS, "TokenIssuer": ISSUER, "TokenAudience": "antipode"}

# What each mode needs besides its name.
MODES: Mapping[str, Mapping[str, str]] = {
    "API_KEY": {},
    "AWS_LAMBDA": {},
    "AMAZON_COGNITO_USER_POOLS": {"UserPoolId": POOL},
    "OPENID_CONNECT": {"OidcIssuer": ISSUER},
    "AWS_IAM": {},
}
CONFIGURATIONS = ("LambdaAuthorizerConfig", "UserPoolConfig", "OpenIDConnectConfig")


def stack(template: Node, mode: str, *, region: str = HOME, **parameters: str) -> Stack:
    given = {"AuthMode": mode, **MODES[mode], **parameters}
    return evaluate(template, region=region, parameters=given)


def api(made: Stack) -> Node:
    [found] = made.of_type("AWS::AppSync::GraphQLApi").values()
    return found


def test_a_stack_that_keeps_the_mode_of_another_schema_is_refused(template: Node) -> None:
    kept = {"AuthMode": "AWS_LAMBDA"}  # and the schema is made for API_KEY by now
    with pytest.raises(TemplateError) as raised:
        evaluate(template, parameters=kept, as_it_is=True)
    assert str(raised.value) == (
        "AuthMode is not the mode that graphql/schema.graphql is made for. A stack keeps what is "
        "not named: deploy it with the samconfig.toml that antipode schema has written."
    )


@pytest.mark.parametrize("kept", ["AWS_LAMBDA", "AWS_LAMBDA,AWS_IAM", ""])
def test_a_stack_that_keeps_the_additional_modes_of_another_schema_is_refused(kept: str) -> None:
    """And one that has those of the schema is not."""
    text = (project_root() / "template.yaml").read_text()
    written = load(with_modes(text, [AuthMode.API_KEY, AuthMode.AWS_IAM]))
    for accepted in ({}, {"AdditionalAuthModes": "AWS_IAM"}):
        evaluate(written, parameters=accepted, as_it_is=True)
    with pytest.raises(TemplateError) as raised:
        evaluate(written, parameters={"AdditionalAuthModes": kept}, as_it_is=True)
    assert str(raised.value) == (
        "AdditionalAuthModes are not the modes that the schema is made for."
    )


# -- The modes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("region", [HOME, AWAY])
@pytest.mark.parametrize("mode", MODES)
def test_a_mode_is_the_apis_default_and_iam_the_relays_way_in(
    template: Node, mode: str, region: str
) -> None:
    made = api(stack(template, mode, region=region))
    assert made["AuthenticationType"] == mode
    # AppSync refuses a mode that stands twice.
    additional = None if mode == "AWS_IAM" else [{"AuthenticationType": "AWS_IAM"}]
    assert made.get("AdditionalAuthenticationProviders") == additional


@pytest.mark.parametrize("region", [HOME, AWAY])
@pytest.mark.parametrize(
    ("mode", "configuration"),
    [
        ("API_KEY", {}),
        (
            "AWS_LAMBDA",
            {
                "LambdaAuthorizerConfig": {
                    "AuthorizerUri": "${AuthorizerFunction.Arn}",
                    "AuthorizerResultTtlInSeconds": "300",
                }
            },
        ),
        (
            "AMAZON_COGNITO_USER_POOLS",
            {
                "UserPoolConfig": {
                    "UserPoolId": POOL,
                    "AwsRegion": "eu-west-1",
                    "DefaultAction": "ALLOW",
                }
            },
        ),
        ("OPENID_CONNECT", {"OpenIDConnectConfig": {"Issuer": ISSUER}}),
        ("AWS_IAM", {}),
    ],
)
def test_a_mode_has_its_own_configuration_and_no_other(
    template: Node, mode: str, configuration: Node, region: str
) -> None:
    made = api(stack(template, mode, region=region))
    assert {name: made[name] for name in CONFIGURATIONS if name in made} == configuration


def test_clients_of_a_user_pool_can_be_named_and_a_pool_be_anywhere(template: Node) -> None:
    made = stack(
        template,
        "AMAZON_COGNITO_USER_POOLS",
        UserPoolRegion="us-east-1",
        UserPoolClientId="^web-",
    )
    assert api(made)["UserPoolConfig"] == {
        "UserPoolId": POOL,
        "AwsRegion": "us-east-1",
        "AppIdClientRegex": "^web-",
        "DefaultAction": "ALLOW",
    }


def test_clients_of_an_issuer_can_be_named(template: Node) -> None:
    made = stack(template, "OPENID_CONNECT", OidcClientId="^web$")
    assert api(made)["OpenIDConnectConfig"] == {"Issuer": ISSUER, "ClientId": "^web$"}


@pytest.mark.parametrize("default", MODES)
def test_additional_modes_have_their_configuration_beside_the_default(
    template: Node, default: str
) -> None:
    others = [mode for mode in MODES if mode != default]
    needed = {name: value for mode in others for name, value in MODES[mode].items()}
    made = stack(template, default, AdditionalAuthModes=",".join(others), **needed)
    configured: Mapping[str, Node] = {
        "AWS_LAMBDA": {
            "LambdaAuthorizerConfig": {
                "AuthorizerUri": "${AuthorizerFunction.Arn}",
                "AuthorizerResultTtlInSeconds": "300",
            }
        },
        # It knows no default action.
        "AMAZON_COGNITO_USER_POOLS": {
            "UserPoolConfig": {"UserPoolId": POOL, "AwsRegion": "eu-west-1"}
        },
        "OPENID_CONNECT": {"OpenIDConnectConfig": {"Issuer": ISSUER}},
    }
    assert api(made)["AuthenticationType"] == default
    assert api(made)["AdditionalAuthenticationProviders"] == [
        {"AuthenticationType": mode, **configured.get(mode, {})} for mode in others
    ]
    own = set(configured.get(default, {}))
    assert {name for name in CONFIGURATIONS if name in api(made)} == own
    for name in ("ApiKey", "AuthorizerFunction", "TokenSecret"):
        assert name in made.resources
    for name in ("ApiKey", "TokenIssuer", "TokenAudience", "TokenSecretName"):
        assert name in made.outputs


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_is_added_alone_and_the_relays_stays_once(template: Node, mode: str) -> None:
    default = "AWS_IAM" if mode == "API_KEY" else "API_KEY"
    made = stack(template, default, AdditionalAuthModes=mode, **MODES[mode])
    told = [each["AuthenticationType"] for each in api(made)["AdditionalAuthenticationProviders"]]
    assert told == list(dict.fromkeys([mode, *([] if default == "AWS_IAM" else ["AWS_IAM"])]))
    assert ("AuthorizerFunction" in made.resources) == (mode == "AWS_LAMBDA")


@pytest.mark.parametrize("region", [HOME, AWAY])
@pytest.mark.parametrize("mode", MODES)
def test_what_serves_one_mode_is_made_in_that_mode_alone(
    template: Node, mode: str, region: str
) -> None:
    made = stack(template, mode, region=region)
    keys = {"ApiKey"} if mode == "API_KEY" else set()
    tokens = {"AuthorizerFunction", "AuthorizerPermission", "AuthorizerLogGroup", "AuthorizerRole"}
    owned = {"TokenSecret"} if region == HOME else set()
    wanted = keys | (tokens | owned if mode == "AWS_LAMBDA" else set())
    all_of_them = tokens | {"ApiKey", "TokenSecret", "AsymmetricLayer"}
    assert all_of_them & made.resources.keys() == wanted
    named = {"ApiKey", "TokenIssuer", "TokenAudience", "TokenSecretName"}
    told = named - {"ApiKey"} if mode == "AWS_LAMBDA" else keys
    assert named & made.outputs.keys() == told


# -- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (
            {"AuthMode": "AMAZON_COGNITO_USER_POOLS"},
            "The mode AMAZON_COGNITO_USER_POOLS needs UserPoolId, the pool that clients sign in",
        ),
        (
            {"AuthMode": "OPENID_CONNECT"},
            "The mode OPENID_CONNECT needs OidcIssuer, whose tokens clients bring.",
        ),
        (
            {"AuthMode": "AWS_LAMBDA", "TokenJwksUrl": KEYS, "TokenAudience": "antipode"},
            "TokenJwksUrl needs TokenIssuer, the issuer (iss) whose keys are published there.",
        ),
        (
            {"AuthMode": "AWS_LAMBDA", "TokenJwksUrl": KEYS, "TokenIssuer": ISSUER},
            "TokenJwksUrl needs TokenAudience, the audience (aud) of tokens for this API.",
        ),
        *(
            (
                {"AuthMode": "OPENID_CONNECT", "OidcIssuer": ISSUER, name: value},
                "UserPoolId, UserPoolRegion and UserPoolClientId need the mode"
                " AMAZON_COGNITO_USER_POOLS.",
            )
            for name, value in {
                "UserPoolId": POOL,
                "UserPoolRegion": HOME,
                "UserPoolClientId": "x",
            }.items()
        ),
        *(
            (
                {"AuthMode": "AWS_LAMBDA", name: ISSUER},
                "OidcIssuer and OidcClientId need the mode OPENID_CONNECT.",
            )
            for name in ("OidcIssuer", "OidcClientId")
        ),
        *(
            (
                {"AuthMode": "AWS_IAM", **parameters},
                "TokenIssuer, TokenAudience and TokenJwksUrl need the mode AWS_LAMBDA.",
            )
            for parameters in ({"TokenIssuer": "x"}, {"TokenAudience": "x"}, KEY_SET)
        ),
        ({"AuthMode": "NONE"}, "parameter AuthMode: 'NONE' is not one of "),
        (
            {"AdditionalAuthModes": "AWS_LAMBDA,NONE"},
            "parameter AdditionalAuthModes: 'NONE' is not one of ",
        ),
        (
            {"AdditionalAuthModes": "AWS_LAMBDA,API_KEY"},
            "AdditionalAuthModes names AuthMode, and AppSync refuses a mode that stands twice.",
        ),
        (
            {"AdditionalAuthModes": "AMAZON_COGNITO_USER_POOLS"},
            "The mode AMAZON_COGNITO_USER_POOLS needs UserPoolId, the pool that clients sign in",
        ),
        (
            {"AdditionalAuthModes": "OPENID_CONNECT"},
            "The mode OPENID_CONNECT needs OidcIssuer, whose tokens clients bring.",
        ),
        (
            {"AuthMode": "AMAZON_COGNITO_USER_POOLS", "UserPoolId": "pool"},
            "parameter UserPoolId: 'pool' does not match ",
        ),
        (
            {"AuthMode": "AWS_LAMBDA", **KEY_SET, "TokenJwksUrl": "http://issuer.example/keys"},
            "parameter TokenJwksUrl: 'http://issuer.example/keys' does not match ",
        ),
        (
            {"AuthMode": "OPENID_CONNECT", "OidcIssuer": "http://issuer.example"},
            "parameter OidcIssuer: 'http://issuer.example' does not match ",
        ),
        ({"TokenClockSkew": "3600"}, "parameter TokenClockSkew: 3600 is not between 0 and 300"),
        ({"AuthorizerCacheSeconds": "3601"}, "parameter AuthorizerCacheSeconds: 3601 is not "),
    ],
)
def test_a_combination_that_makes_no_sense_is_refused_in_a_sentence(
    template: Node, parameters: dict[str, str], sentence: str
) -> None:
    with pytest.raises(TemplateError) as raised:
        evaluate(template, parameters=parameters)
    assert str(raised.value).startswith(sentence)


def test_no_url_is_taken_that_is_not_https_and_the_refusal_says_why(template: Node) -> None:
    for name in ("TokenJwksUrl", "OidcIssuer"):
        told = template["Parameters"][name]["ConstraintDescription"]
        assert told == (
            f"{name} must begin with https://, since whoever answers there can sign tokens."
        )


# -- The Lambda authorizer -----------------------------------------------------------------------


@pytest.mark.parametrize("region", [HOME, AWAY])
def test_the_authorizer_reads_the_secret_of_its_own_region_and_is_called_by_apis_of_it_alone(
    template: Node, region: str
) -> None:
    made = stack(template, "AWS_LAMBDA", region=region)
    assert made.of_type("AWS::Lambda::Permission") == {
        "AuthorizerPermission": {
            "FunctionName": "${AuthorizerFunction.Arn}",
            "Action": "lambda:InvokeFunction",
            "Principal": "appsync.amazonaws.com",
            "SourceArn": f"arn:aws:appsync:{region}:111122223333:apis/*",
        }
    }
    # By a reference, since a DependsOn may not name what a condition makes.
    assert needs(made.resources["Api"]) >= {"AuthorizerPermission", "AuthorizerFunction"}
    [policy] = made.resources["AuthorizerRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": SECRET_ARN.format(region),
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "${AuthorizerLogGroup.Arn}",
        },
    ]
    [trust] = made.resources["AuthorizerRole"]["Properties"]["AssumeRolePolicyDocument"][
        "Statement"
    ]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize("region", [HOME, AWAY])
def test_one_token_is_valid_in_every_region(template: Node, region: str) -> None:
    function = stack(template, "AWS_LAMBDA", region=region).resources["AuthorizerFunction"]
    assert function["Properties"]["Environment"]["Variables"] == {
        "TOKEN_ISSUER": "antipode",
        "TOKEN_AUDIENCE": "antipode",
        "TOKEN_CLOCK_SKEW": "30",
        "TOKEN_SECRET_ID": "antipode-token",
        "AUTHORIZER_CACHE_SECONDS": "300",
        "POWERTOOLS_SERVICE_NAME": "authorizer",
        "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
        "STACK_NAME": "antipode",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    assert function["Properties"]["Layers"] == ["${SharedLayer}"]


@pytest.mark.parametrize("region", [HOME, AWAY])
def test_a_key_set_takes_the_place_of_the_secret(template: Node, region: str) -> None:
    made = stack(template, "AWS_LAMBDA", region=region, KmsKeyId=f"mrk-{'0' * 32}", **KEY_SET)
    assert "TokenSecret" not in made.resources
    assert "TokenSecretName" not in made.outputs
    function = made.resources["AuthorizerFunction"]["Properties"]
    assert function["Layers"] == ["${SharedLayer}", "${AsymmetricLayer}"]
    variables = function["Environment"]["Variables"]
    assert {name: variables[name] for name in variables if name.startswith("TOKEN_")} == {
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_AUDIENCE": "antipode",
        "TOKEN_JWKS_URL": KEYS,
        "TOKEN_CLOCK_SKEW": "30",
        "TOKEN_SECRET_ID": "antipode-token",
    }
    [policy] = made.resources["AuthorizerRole"]["Properties"]["Policies"]
    actions = [statement["Action"] for statement in policy["PolicyDocument"]["Statement"]]
    assert actions == [["logs:CreateLogStream", "logs:PutLogEvents"]]


@pytest.mark.parametrize(
    ("home", "count"), [(FIVE[at], count) for count in (1, 2, 3, 5) for at in range(count)]
)
def test_the_secret_is_replicated_to_every_region_but_its_own(
    template: Node, home: str, count: int
) -> None:
    regions = FIVE[:count]
    given = {"Regions": ",".join(regions), "HomeRegion": home}
    for region in regions:
        made = stack(template, "AWS_LAMBDA", region=region, **given)
        secrets = made.of_type("AWS::SecretsManager::Secret")
        assert list(secrets) == (["TokenSecret"] if region == home else [])
        if region == home:
            assert secrets["TokenSecret"] == {
                "Name": "antipode-token",
                "Description": "Signs the tokens of antipode's clients",
                "GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": True},
                "ReplicaRegions": [{"Region": each} for each in regions if each != home],
            }


def test_the_customers_key_encrypts_the_secret_and_its_replicas(template: Node) -> None:
    key = f"mrk-{'0' * 32}"
    made = stack(template, "AWS_LAMBDA", KmsKeyId=key)
    secret = made.resources["TokenSecret"]["Properties"]
    assert secret["KmsKeyId"] == key
    assert secret["ReplicaRegions"] == [{"Region": AWAY, "KmsKeyId": key}]
    [policy] = made.resources["AuthorizerRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"][1] == {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": f"arn:aws:kms:{HOME}:111122223333:key/{key}",
        "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{HOME}.amazonaws.com"}},
    }
