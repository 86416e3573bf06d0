"""A Region out of the name that all share, and back, without a deployment."""
