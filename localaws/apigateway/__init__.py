"""API Gateway's HTTP APIs on one machine: `Gateway` serves the routes that `deployed` reads."""

from localaws.apigateway.gateway import Gateway, Request, Response, deployed, serve

__all__ = ["Gateway", "Request", "Response", "deployed", "serve"]
