"""The Lambda authorizer: one token, valid in every Region."""
