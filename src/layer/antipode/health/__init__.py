"""The health of a Region: whether it can serve."""
