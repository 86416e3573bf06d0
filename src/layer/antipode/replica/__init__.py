"""The custom resource that finds the stream of a replica."""
