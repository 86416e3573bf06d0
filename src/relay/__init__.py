"""The stream handler: the one entry that Lambda knows."""
