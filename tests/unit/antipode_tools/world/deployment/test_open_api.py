from __future__ import annotations

from antipode_tools.world.deployment.open_api import without_bodies

QUEUE = {"Type": "AWS::SQS::Queue"}


def test_an_apis_routes_and_integrations_stand_beside_it() -> None:
    integration = {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": "http://127.0.0.1:4001/graphql",
        "payloadFormatVersion": "1.0",
    }
    operation = {"responses": {}, "x-amazon-apigateway-integration": integration}
    body = {"info": {"title": "antipode"}, "paths": {"/a/b": {"post": operation}}}
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}
    assert without_bodies({"Queue": QUEUE, "HttpApi": api}) == {
        "Queue": QUEUE,
        "HttpApi": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {"Name": "antipode", "ProtocolType": "HTTP"},
        },
        "HttpApiPostabIntegration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "HttpApi"},
                "IntegrationType": "HTTP_PROXY",
                "IntegrationMethod": "ANY",
                "IntegrationUri": "http://127.0.0.1:4001/graphql",
                "PayloadFormatVersion": "1.0",
            },
        },
        "HttpApiPostabRoute": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "HttpApi"},
                "RouteKey": "POST /a/b",
                "Target": "integrations/${HttpApiPostabIntegration}",
            },
        },
    }


def test_an_api_without_a_body_is_left_as_it_is() -> None:
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP"}}
    assert without_bodies({"HttpApi": api}) == {"HttpApi": api}
