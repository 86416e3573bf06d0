"""A great many changes through all that is between a stream and AppSync, and what goes wrong."""
