"""Tokens for trying out, as `antipode token` makes them."""
